"""A real ERP: Tryton with its module `party`, on SQLite; its first database is made once."""

import base64
import shutil
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx

from tests.support.ports import free_port

from .process import made_once, run, running

DATABASE, USER, PASSWORD, EMAIL = "kart", "admin", "admin1234", "admin@example.org"
# Where it finds `email_validator`, Tryton asks the DNS about every address: not in tests.
_WITHOUT_DNS = "import sys; sys.modules['email_validator'] = None; from {} import main; main()"
_CONFIG = """
[database]
uri = sqlite://
path = {folder}
[web]
listen = 127.0.0.1:{port}
[session]
timeout = 86400
"""


@dataclass(frozen=True)
class Tryton:
    """`key` opens its REST at `rest`; the hands are logged in to its RPC, as its desktop is."""

    url: str
    user: str
    password: str
    key: str
    web: httpx.Client

    @property
    def rest(self) -> str:
        """The root of what an application sees: `/party.party`, `/party.party/<id>`."""
        return f"{self.url}/{DATABASE}/rest/model"

    def create(self, **values: Any) -> int:
        """A new party's id; lists of others are written as Tryton does: `[["create", [...]]]`."""
        made: list[int] = self.rpc("party.party", "create", [values])
        return made[0]

    def edit(self, party: int, **values: Any) -> None:
        """Change a party: `active=False` archives it."""
        self.rpc("party.party", "write", [party], values)

    def delete(self, party: int) -> None:
        """Remove a party for good."""
        self.rpc("party.party", "delete", [party])

    def merge(self, party: int, into: int) -> None:
        """Let another take its place, as the wizard does; both must look alike."""
        session, _, _ = _rpc(self.web, "wizard.party.replace.create", {})
        asked = {"ask": {"source": party, "destination": into}}
        _rpc(self.web, "wizard.party.replace.execute", session, asked, "replace", {})

    def parties(self, *fields: str, domain: Sequence[Any] = ()) -> dict[int, dict[str, Any]]:
        """The named fields of all active parties that meet a domain, by id."""
        return self.found("party.party", domain, *fields)

    def found(self, model: str, domain: Sequence[Any], *fields: str) -> dict[int, dict[str, Any]]:
        """The named fields of a model's records that meet a domain, by id."""
        rows = self.rpc(model, "search_read", list(domain), 0, None, None, ["id", *fields])
        return {row["id"]: row for row in rows}

    def rpc(self, model: str, method: str, *args: Any, **context: Any) -> Any:
        """Call a model's method; `RuntimeError` with what Tryton answers where it refuses."""
        return _rpc(self.web, f"model.{model}.{method}", *args, context)


@contextmanager
def running_tryton(folder: Path) -> Iterator[Tryton]:
    """A server in an empty folder, with no party but what Tryton itself has."""
    template = _template()
    shutil.copy(template / f"{DATABASE}.sqlite", folder)
    with _serving(folder) as web:
        yield Tryton(_url(web), USER, PASSWORD, (template / "key").read_text(), web)


def request_key(web: httpx.Client) -> str:
    """Ask for an application's key, as anybody may; it opens nothing until a user says so."""
    asked = {"user": USER, "application": "rest"}
    key: str = web.post("user/application/", json=asked, follow_redirects=True).json()
    return key


def validate_key(web: httpx.Client, key: str) -> None:
    """Say yes to an application, as a user who is logged in."""
    model = "model.res.user.application"
    waiting = _rpc(web, f"{model}.search", [["key", "=", key]], 0, None, None, {})
    _rpc(web, f"{model}.validate_", waiting, {})


def _template() -> Path:
    """A database with the module `party` and a key that a user validated."""
    recipe = sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    releases = f"{version('trytond')}-{version('trytond_party')}"
    return made_once(f"tryton-{releases}-{recipe}", _initialise)


def _initialise(folder: Path) -> None:
    (folder / "password").write_text(PASSWORD)
    (folder / f"{DATABASE}.sqlite").touch()
    update = ["-u", "party", "--activate-dependencies", "--email", EMAIL]
    command = _command("trytond.cli.admin", _configured(folder, port=0), *update)
    run(command, folder, {"TRYTONPASSFILE": str(folder / "password")})
    with _serving(folder) as web:
        key = request_key(web)
        validate_key(web, key)
    (folder / "key").write_text(key)
    with closing(sqlite3.connect(folder / f"{DATABASE}.sqlite")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what was written last lies apart


def _command(module: str, config: Path, *options: str) -> list[str]:
    program = _WITHOUT_DNS.format(module)
    return [sys.executable, "-c", program, "-c", str(config), "-d", DATABASE, *options]


def _configured(folder: Path, port: int) -> Path:
    config = folder / "trytond.conf"
    config.write_text(_CONFIG.format(folder=folder, port=port))
    return config


@contextmanager
def _serving(folder: Path) -> Iterator[httpx.Client]:
    """A user's session with a server on the database of a folder."""
    port = free_port()
    command = _command("trytond.cli", _configured(folder, port))
    base = f"http://127.0.0.1:{port}/{DATABASE}/"
    with (
        httpx.Client(base_url=base, trust_env=False, timeout=30) as web,
        running(command, folder, lambda: _answers(web)),
    ):
        user, session, _ = _rpc(web, "common.db.login", USER, {"password": PASSWORD})
        login = base64.b64encode(f"{USER}:{user}:{session}".encode()).decode()
        web.headers["authorization"] = f"Session {login}"
        yield web


def _answers(web: httpx.Client) -> bool:
    try:
        return web.post(f"{_url(web)}/rpc/", json=_call("common.server.version")).is_success
    except httpx.TransportError:
        return False


def _url(web: httpx.Client) -> str:
    return str(web.base_url.join("/")).rstrip("/")


def _rpc(web: httpx.Client, method: str, *args: Any) -> Any:
    told = web.post("rpc/", json=_call(method, *args)).raise_for_status().json()
    if "error" in told:
        raise RuntimeError(f"{method}: {told['error']}")
    return told["result"]


def _call(method: str, *args: Any) -> dict[str, Any]:
    return {"id": 0, "method": method, "params": args}
