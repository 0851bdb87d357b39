"""Bring a local cloud up, down, or to nothing. Each may be repeated.

`up` leaves alone what is as it should be: a running engine, an unchanged package.
"""

import json
import os
import shutil
from collections.abc import Callable

from infra import admin_key, installation, package
from infra.local import deploy, process
from infra.local.cloud import STAGE, Cloud, CloudError

Say = Callable[[str], None]


def up(cloud: Cloud, say: Say = print) -> dict[str, str]:
    """Start, package, deploy; the handle (`base_url`, `admin_key`), also left in `home`."""
    cloud.home.mkdir(parents=True, exist_ok=True)
    made = package.package(STAGE)
    _start(cloud, say)
    if deploy.deploy(cloud, made):
        say("Deployed.")
    try:
        installation.ensure(STAGE, cloud.client("ssm"), cloud.table("registry"))
    except installation.InstallationError as error:
        raise CloudError(str(error)) from error
    api = f"{cloud.endpoint}/_aws/execute-api/{deploy.api_id(cloud)}/api"
    handle = {"base_url": api, "admin_key": _admin_key(cloud)}
    _write_private(cloud, handle)
    return handle


def down(cloud: Cloud) -> bool:
    """Stop; the state is kept. False when nothing was running."""
    return process.stop(cloud)


def reset(cloud: Cloud) -> None:
    """Stop, and forget everything: contacts, keys, logs."""
    process.stop(cloud)
    shutil.rmtree(cloud.home, ignore_errors=True)


def _start(cloud: Cloud, say: Say) -> None:
    found = process.running(cloud)
    if found and found[0].port == cloud.port:
        return
    process.check_port(cloud)
    if found:
        say(f"Moving from port {found[0].port} to {cloud.port}.")
        process.stop(cloud)
    if process.crashed(cloud):
        say("The last run did not stop cleanly: this is the state of the last clean stop.")
    process.start(cloud)


def _admin_key(cloud: Cloud) -> str:
    """The key in the handle, or a new one when there is none or the tables do not know it."""
    registry = cloud.table("registry")
    known = cloud.handle().get("admin_key")
    if known and admin_key.registered(registry, known):
        return known
    key = admin_key.make()
    admin_key.register(registry, key, "local")
    return key


def _write_private(cloud: Cloud, handle: dict[str, str]) -> None:
    """Only the user may read the key."""
    descriptor = os.open(cloud.handle_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(handle, file, indent=2)
