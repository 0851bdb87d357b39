"""Where slapd is: installed here, or unpacked from its Debian packages into `.build`.

Nothing is installed. Where neither can be had, `Unobtainable` says what was tried.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .process import made_once, run

# Beside the C library these are all that it links to; it wants libldap of its own release.
_LIBRARIES = ("libldap", "libltdl", "libsasl2", "libwrap")
_DOWNLOAD_SECONDS = 60


class Unobtainable(Exception):
    """This machine has no slapd, and none can be fetched."""


@dataclass(frozen=True)
class Slapd:
    """A root under which the program and its files lie as Debian lays them."""

    root: Path

    @property
    def program(self) -> Path:
        """What to start."""
        return self.root / "usr/sbin/slapd"

    @property
    def modules(self) -> Path:
        """Backends and overlays."""
        return self.root / "usr/lib/ldap"

    @property
    def schemas(self) -> Path:
        """`core.schema` and the others."""
        return self.root / "etc/ldap/schema"

    @property
    def environment(self) -> dict[str, str]:
        """What it needs to find its libraries."""
        if self.root == Path("/"):
            return {}
        folders = [str(folder) for folder in (self.root / "usr/lib").glob("*-linux-gnu*")]
        return {"LD_LIBRARY_PATH": os.pathsep.join(folders)}


def found_slapd() -> Slapd:
    """A slapd that runs here; raises `Unobtainable`."""
    installed = Slapd(Path("/"))
    if installed.program.exists() and installed.schemas.exists():
        return installed
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise Unobtainable("no /usr/sbin/slapd, and no apt-get and dpkg to fetch one")
    try:
        return Slapd(made_once("slapd", _unpack))
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        raise Unobtainable(f"no /usr/sbin/slapd, and it cannot be fetched: {error}") from error


def _unpack(folder: Path) -> None:
    needs = run(["apt-cache", "depends", "--important", "slapd"], folder).split()
    packages = ["slapd", *(name for name in needs if name.startswith(_LIBRARIES))]
    fetch = ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download"]
    run([*fetch, *dict.fromkeys(packages)], folder, seconds=_DOWNLOAD_SECONDS)
    for package in folder.glob("*.deb"):
        run(["dpkg", "-x", package.name, "."], folder)
        package.unlink()
    slapd = Slapd(folder)
    run([str(slapd.program), "-VV"], folder, slapd.environment)
