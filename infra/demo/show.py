"""What the demo prints: the counts, one person's story, the checks, and where to look further."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from infra.demo.checks import Check, Ending, Json
from infra.demo.play import Life

CURL = 'curl -s -H "Authorization: Bearer $KEY"'


def counts(console: Console, ending: Ending) -> None:
    """Records in, contacts, merges, reviews and deliveries."""
    table = Table("", "", show_header=False, title="In numbers", title_justify="left")
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in ending.outcomes.most_common())
    table.add_row("records in", f"{len(ending.said)} and one change ({outcomes})")
    table.add_row("people and companies in truth", str(len({s.party for s in ending.said})))
    table.add_row("contacts", str(len(ending.contacts)))
    table.add_row("merges that stand", str(ending.merges()))
    table.add_row("reviews waiting", str(len(ending.reviews)))
    for target in ending.targets:
        told = f"{len(target.book.told('contact.upserted'))} sent, "
        told += f"{len(target.book.told('contact.removed'))} removals, "
        table.add_row(f"to the {target.name}", f"{told}{len(target.book.contacts)} held")
    console.print(table)


def life(console: Console, life: Life) -> None:
    """Which systems said what of one person, what became of it, and why."""
    console.print(_records(life.records))
    console.print(_golden(life.contact))
    console.print(_merges(life.merges))
    console.print(_versions(life.versions))


def _records(records: Sequence[Json]) -> Table:
    table = _table("One person: what the systems say", "System", "Id there", "Says")
    for record in records:
        table.add_row(record["source"], record["external_id"], _said(record["fields"]))
    return table


def _golden(contact: Json) -> Table:
    table = _table(f"The golden contact, version {contact['version']}", "Field", "Value", "From")
    for name, origin in contact["provenance"].items():
        source = f"{origin['source']}, {origin['rule']}"
        table.add_row(name, _text(contact.get(name)), escape(source))
    return table


def _merges(merges: Sequence[Json]) -> Table:
    table = _table("Why it was merged", "Merge", "Reason")
    for merge in merges:
        table.add_row(merge["id"][:8], _why(merge))
    return table


def _why(merge: Json) -> str:
    """The sentence that the machine gives; a merge by hand has its author for a reason."""
    return escape(str(merge["explanation"].get("en") or f"by hand, {merge['by']}"))


def _versions(versions: Sequence[Json]) -> Table:
    table = _table("Its versions", "Version", "Recorded at", "Cause")
    for version in versions:
        cause = f"{version['cause']['type']} by {version['cause']['by']}"
        table.add_row(str(version["version"]), version["recorded_at"], escape(cause))
    return table


def verdict(console: Console, checks: Sequence[Check]) -> None:
    """Each check with its mark; the faults of those that do not hold."""
    console.print("\n[bold]Is all as it should be?[/bold]")
    for check in checks:
        mark = "[red] no" if check.faults else "[green]yes"
        console.print(f"  {mark}[/]  {escape(check.sentence)}")
        for fault in check.faults:
            console.print(f"       {escape(fault)}", style="red")


def further(console: Console, base_url: str, contact: str) -> None:
    """Where to look, and lines to paste."""
    console.print(f"\n[bold]The cloud is left running[/bold] at {base_url} (make down stops it).")
    console.print("To look further:")
    for line in (
        "KEY=$(python3 -c \"import json; print(json.load(open('.run/local.json'))['admin_key'])\")",
        f"{CURL} {base_url}/v1/contacts/{contact}",
        f"{CURL} {base_url}/v1/reviews",
        f"{CURL} {base_url}/v1/contacts/search -H 'Content-Type: application/json'"
        ' -d \'{"q": "role:supplier role:customer"}\'',
    ):
        console.print(f"  {line}", soft_wrap=True, markup=False, highlight=False)


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=f"\n{title}", title_justify="left")


def _said(fields: Json) -> str:
    return "\n".join(f"{escape(name)}: {_text(value)}" for name, value in fields.items())


def _text(value: Any) -> str:
    """JSON as people read it: no quotes, no brackets."""
    if isinstance(value, dict):
        return ", ".join(_text(part) for part in value.values() if part)
    if isinstance(value, list):
        return "; ".join(_text(element) for element in value)
    return escape(str(value))
