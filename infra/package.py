"""Package the app for one stage: the template and the zip that AWS and the local cloud get.

    python -m infra.package STAGE FOLDER

Chalice packages a copy of the sources in `.build`, since it would take caches along. A
package whose inputs have not changed is reused. `chalice deploy` is not used: it cannot
merge `infra/template.yaml`.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from chalice.deploy.packager import DependencyBuilder
from chalice.utils import OSUtils

ROOT = Path(__file__).parent.parent
BUILD = ROOT / ".build"
SOURCES = ("app.py", "chalicelib", ".chalice")
INPUTS = (*SOURCES, "requirements.txt", "infra/template.yaml", "infra/package.py")
IGNORED = shutil.ignore_patterns("__pycache__", "deployments", "deployed")


@dataclass(frozen=True)
class Package:
    """What is deployed: `template.json` and `deployment.zip` in one folder."""

    folder: Path

    @property
    def zip(self) -> Path:
        return self.folder / "deployment.zip"

    @property
    def digest(self) -> str:
        """The hash of all that the package was made from."""
        return (self.folder / "digest").read_text()

    def template(self) -> dict[str, Any]:
        """The SAM template, a new copy each time."""
        loaded: dict[str, Any] = json.loads((self.folder / "template.json").read_text())
        return loaded


def package(stage: str) -> Package:
    """Package the app, or return the package that stands if nothing has changed since.

    Raises `subprocess.CalledProcessError`, with Chalice's words on stderr.
    """
    folder = BUILD / stage
    digest = inputs_digest()
    with _alone():
        if not _stands(folder, digest):
            shutil.rmtree(folder, ignore_errors=True)
            _copy_sources(BUILD / "sources")
            _build_dependencies(BUILD / "sources/vendor")
            _run_chalice(BUILD / "sources", stage, folder)
            _finish(folder, stage)
            (folder / "digest").write_text(digest)
    return Package(folder)


def inputs_digest() -> str:
    """Hash the name and content of every file that the package is made from."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(_input_files()):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _input_files() -> Iterator[Path]:
    for name in INPUTS:
        path = ROOT / name
        found = path.rglob("*") if path.is_dir() else iter([path])
        yield from (file for file in found if file.is_file() and file.suffix != ".pyc")


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time package: `make up` and a test run may meet."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stands(folder: Path, digest: str) -> bool:
    known = folder / "digest"
    return known.exists() and known.read_text() == digest


def _copy_sources(tree: Path) -> None:
    """Make the copy anew, but keep the dependencies that stand in it."""
    for name in SOURCES:
        shutil.rmtree(tree / name, ignore_errors=True)
    tree.mkdir(exist_ok=True)
    shutil.copy2(ROOT / "app.py", tree)
    for folder in ("chalicelib", ".chalice"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=IGNORED)


def _build_dependencies(vendor: Path) -> None:
    """Build the requirements for Lambda, by Chalice's own builder, when they have changed.

    Left to `chalice package` they are built again at each change of the code, and one that
    cannot be built is left out with a warning; here it raises `MissingDependencyError`.
    """
    requirements = ROOT / "requirements.txt"
    stamp = vendor.with_suffix(".digest")
    digest = hashlib.sha256(sys.version.encode() + requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    shutil.rmtree(vendor, ignore_errors=True)
    abi = f"cp{sys.version_info.major}{sys.version_info.minor}"
    DependencyBuilder(OSUtils()).build_site_packages(abi, str(requirements), str(vendor))
    stamp.write_text(digest)


def _run_chalice(tree: Path, stage: str, folder: Path) -> None:
    merge = ROOT / "infra/template.yaml"
    options = ["--stage", stage, "--template-format", "yaml", "--merge-template", str(merge)]
    subprocess.run(
        [str(Path(sys.executable).with_name("chalice")), "package", *options, str(folder)],
        cwd=tree,
        env={**os.environ, "AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _finish(folder: Path, stage: str) -> None:
    """Bind the template to the stage whose queues its triggers name; write it as JSON."""
    made = folder / "sam.yaml"
    template = yaml.safe_load(made.read_text())
    template["Parameters"]["Stage"] |= {"Default": stage, "AllowedValues": [stage]}
    (folder / "template.json").write_text(json.dumps(template, indent=2, sort_keys=True) + "\n")
    made.unlink()


def main() -> None:
    """Package STAGE and copy the package to FOLDER."""
    stage, folder = sys.argv[1], Path(sys.argv[2])
    made = package(stage)
    shutil.copytree(made.folder, folder, dirs_exist_ok=True)
    size = made.zip.stat().st_size
    print(f"{folder}/template.json, {folder}/deployment.zip ({size / 1e6:.1f} MB), stage {stage}")


if __name__ == "__main__":
    main()
