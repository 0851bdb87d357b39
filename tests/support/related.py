"""What must hold of relations at rest: each can be found from the record that it names."""

from collections.abc import Iterator

from .state import State


def relation_faults(state: State) -> Iterator[str]:
    """A row for each relation that an active contact has, and none for any other."""
    wanted = {
        (f"related={told['source']}/{told['external_id']}", f"{told['kind']}#{head.id}")
        for head in state.heads.values()
        if head.status == "active"
        for told in state.latest(head.id).values.get("relations", ())
    }
    standing = {row for row in state.rows if row[0].startswith("related=")}
    for row in sorted(wanted ^ standing):
        yield f"relation: {'not found from its other end' if row in wanted else 'is none'}: {row}"
