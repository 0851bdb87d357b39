"""A real LDAP directory: OpenLDAP's slapd with an empty branch of people and `syncprov`."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ldap3 import ALL_ATTRIBUTES, ALL_OPERATIONAL_ATTRIBUTES, LEVEL, MODIFY_REPLACE, Connection
from ldap3 import Server as Address

from tests.support.ports import free_port

from .debian import Slapd, found_slapd
from .process import running

SUFFIX = "dc=example,dc=org"
PEOPLE = f"ou=people,{SUFFIX}"
USER, PASSWORD = f"cn=admin,{SUFFIX}", "secret"
_SCHEMAS = ("core", "cosine", "inetorgperson")
_CONFIG = """
{schemas}
modulepath {modules}
moduleload back_mdb
moduleload syncprov
database mdb
suffix {suffix}
rootdn {user}
rootpw {password}
directory {folder}
maxsize 67108864
dbnosync
index entryCSN,entryUUID,modifyTimestamp eq
overlay syncprov
"""
# It sets aside memory for every file it may open: with a container's limit, gigabytes.
_FEW_FILES = 'ulimit -n 1024; exec "$@"'


@dataclass(frozen=True)
class Directory:
    """`people` is the branch for contacts; `bound` is logged in and raises on every refusal."""

    url: str
    user: str
    password: str
    people: str
    bound: Connection

    def put(self, cn: str, **attributes: Any) -> str:
        """Add a person; `sn` is what it must have. Its DN."""
        dn = f"cn={cn},{self.people}"
        self.bound.add(dn, "inetOrgPerson", attributes)
        return dn

    def edit(self, cn: str, **attributes: Any) -> None:
        """Replace attributes; an empty list removes one."""
        changes = {
            name: [(MODIFY_REPLACE, value if isinstance(value, list) else [value])]
            for name, value in attributes.items()
        }
        self.bound.modify(f"cn={cn},{self.people}", changes)

    def delete(self, cn: str) -> None:
        """Remove a person."""
        self.bound.delete(f"cn={cn},{self.people}")

    def entries(self, filter: str = "(objectClass=inetOrgPerson)") -> dict[str, dict[str, Any]]:
        """The people whom a filter finds, by cn: all attributes, also the operational ones."""
        wanted = [ALL_ATTRIBUTES, ALL_OPERATIONAL_ATTRIBUTES]
        self.bound.search(self.people, filter, LEVEL, attributes=wanted)
        return {e["attributes"]["cn"][0]: dict(e["attributes"]) for e in self.bound.response}


@contextmanager
def running_slapd(folder: Path) -> Iterator[Directory]:
    """A directory in an empty folder; raises `debian.Unobtainable` where there is no slapd."""
    slapd = found_slapd()
    port = free_port()
    url = f"ldap://127.0.0.1:{port}"
    options = ["-h", url, "-f", str(_configured(slapd, folder)), "-d", "0"]
    command = ["sh", "-c", _FEW_FILES, "sh", str(slapd.program), *options]
    with (
        running(command, folder, lambda: _listens(port), slapd.environment),
        Connection(Address(url), USER, PASSWORD, raise_exceptions=True) as bound,
    ):
        bound.add(SUFFIX, ["dcObject", "organization"], {"o": "Example"})
        bound.add(PEOPLE, "organizationalUnit")
        yield Directory(url, USER, PASSWORD, PEOPLE, bound)


def _configured(slapd: Slapd, folder: Path) -> Path:
    schemas = "\n".join(f"include {slapd.schemas}/{name}.schema" for name in _SCHEMAS)
    (folder / "data").mkdir()
    config = folder / "slapd.conf"
    config.write_text(
        _CONFIG.format(
            schemas=schemas,
            modules=slapd.modules,
            suffix=SUFFIX,
            user=USER,
            password=PASSWORD,
            folder=folder / "data",
        )
    )
    return config


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True
