"""The zip alone, as Lambda unpacks it: locally the functions would see the developer's venv."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.package import Package

HANDLERS = ["app", "match", "fan_out", "deliver", "work_jobs", "fan_out_sweep", "sweep"]
PROVIDED = ["boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six.py"]
LIMIT_MB = 15


@pytest.fixture(scope="session")
def unpacked(packaged: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip's contents."""
    folder = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(packaged.zip) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Lambda's runtime brings: boto3 with its needs, and nothing else of ours."""
    import boto3

    installed = Path(boto3.__file__).parent.parent
    folder = tmp_path_factory.mktemp("runtime")
    for name in PROVIDED:
        (folder / name).symlink_to(installed / name)
    return folder


def test_the_zip_alone_holds_what_the_app_imports(unpacked: Path, runtime: Path) -> None:
    program = (
        f"import sys; sys.path[:0] = [{str(unpacked)!r}, {str(runtime)!r}]\n"
        f"import app, pkgutil, importlib, chalicelib\n"
        f"for module in pkgutil.walk_packages(chalicelib.__path__, 'chalicelib.'):\n"
        f"    importlib.import_module(module.name)\n"
        f"for handler in {HANDLERS}: assert callable(getattr(app, handler)), handler"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", program],
        env={**os.environ, "KARTOTEKA_STAGE": "prod"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_zip_holds_no_development_tool_and_no_cache(unpacked: Path) -> None:
    names = {path.name for path in unpacked.iterdir()}
    assert not names & {"boto3", "botocore", "moto", "pytest", "ministack", "tests", "infra"}
    assert not list(unpacked.glob("chalicelib/**/__pycache__"))


def test_the_zip_is_small(packaged: Package) -> None:
    assert packaged.zip.stat().st_size < LIMIT_MB * 1e6
