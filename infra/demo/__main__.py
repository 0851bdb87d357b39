"""The demo from its beginning to its end: exit status 0 only if all is as it should be.

The local cloud must be up; `make demo` sees to that.
"""

import sys
import time

from rich.console import Console
from rich.progress import Progress

from infra.client import Api, ApiError, UnreachableError
from infra.demo import play, show
from infra.demo.cast import HEROINE, TRAPS
from infra.demo.checks import all_checks
from infra.demo.crowd import everybody
from infra.demo.systems import statements
from infra.demo.targets import listening


def main() -> int:
    """0: the story ended as it should; 1: it did not, and it was said where."""
    console = Console()
    started = time.monotonic()
    try:
        good = tell_story(Api.local(), console)
    except (ApiError, UnreachableError, play.StoryError) as error:
        console.print(f"The demo failed: {error}", style="red", markup=False)
        return 1
    console.print(f"\n{time.monotonic() - started:.0f} seconds.")
    return 0 if good else 1


def tell_story(api: Api, console: Console) -> bool:
    """Play, wait, show and check; whether every check held."""
    console.rule("Meble Bukowe sp. z o.o. and the people it knows")
    said = statements(everybody())
    with listening(api) as targets:
        with Progress(console=console) as progress:
            outcomes = play.tell(api, said, progress)
            play.wait_until_quiet(api, progress)
        ending = play.look(api, said, outcomes, targets)
    heroine = min(ending.homes()[HEROINE.key], default="")
    show.counts(console, ending)
    if heroine:
        show.life(console, play.life_of(api, heroine))
    checks = all_checks(ending, TRAPS, HEROINE.key)
    show.verdict(console, checks)
    show.further(console, api.base_url, heroine)
    return not any(check.faults for check in checks)


if __name__ == "__main__":
    sys.exit(main())
