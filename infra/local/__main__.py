"""The commands of the local cloud, as the Makefile calls them."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime

from infra.local import deploy, lifecycle, logs, process
from infra.local.cloud import Cloud, CloudError
from infra.package import ROOT

DEFAULT_PORT = 4700
RUNTIME_WORDS = ("START RequestId", "END RequestId", "REPORT RequestId")


def up(cloud: Cloud) -> None:
    started = time.monotonic()
    handle = lifecycle.up(cloud)
    print(
        f"Kartoteka is up ({time.monotonic() - started:.1f} s).\n"
        f"  API:        {handle['base_url']}\n"
        f"  admin key:  in {cloud.handle_file}\n"
        f"  stop:       make down"
    )


def down(cloud: Cloud) -> None:
    print("Stopped." if lifecycle.down(cloud) else "Nothing was running.")


def reset(cloud: Cloud) -> None:
    lifecycle.reset(cloud)
    print("Forgotten: contacts, keys and logs.")


def status(cloud: Cloud) -> None:
    found = process.running(cloud)
    if not found:
        sys.exit("The local cloud is not running: make up")
    cloud, pid = found
    stack = deploy.find(cloud)
    print(
        f"Running: port {cloud.port}, process {pid}\n"
        f"  stack:  {stack['StackStatus'] if stack else 'none; make up deploys it'}\n"
        f"  API:    {cloud.handle().get('base_url')}"
    )


def show_logs(cloud: Cloud, follow: bool) -> None:
    found = process.running(cloud)
    if not found:
        sys.exit("The local cloud is not running: make up")
    lines: Iterable[logs.Line] = logs.follow(found[0]) if follow else logs.read(found[0])
    for line in lines:
        if line.text.startswith(RUNTIME_WORDS):
            continue
        at = datetime.fromtimestamp(line.at / 1000, UTC)
        print(f"{at:%H:%M:%S.%f} {line.function:14} {line.text.rstrip()}", flush=True)


def main() -> None:
    """Run one command; what goes wrong is said in a sentence."""
    parser = argparse.ArgumentParser(prog="python -m infra.local")
    parser.add_argument("command", choices=["up", "down", "reset", "status", "logs"])
    parser.add_argument("-f", "--follow", action="store_true", help="go on with new lines")
    arguments = parser.parse_args()
    cloud = Cloud(ROOT / ".run", int(os.environ.get("KARTOTEKA_PORT", DEFAULT_PORT)))
    try:
        if arguments.command == "logs":
            show_logs(cloud, arguments.follow)
        else:
            {"up": up, "down": down, "reset": reset, "status": status}[arguments.command](cloud)
    except CloudError as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError:
        sys.exit("The app could not be packaged; see above.")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
