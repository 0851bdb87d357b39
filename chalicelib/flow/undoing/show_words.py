"""What taking words on an interaction back means, or meant: for the preview and the undo."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chalicelib.domain.hearing import Heard
from chalicelib.domain.interactions import parts_of
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, interactions

Json = dict[str, Any]


def foreseen(ports: Ports, name: str, stamp: str, goes: Callable[[Heard], bool]) -> Json | None:
    """What becomes of an interaction once the words that go are taken back.

    None but where the word of this stamp is the newest of them: so each is shown once.
    """
    words = list(interactions.words(ports.items, name))
    going = [w.stamp for w in words if not w.retracted_by and goes(w)]
    if stamp not in going[:1]:
        return None
    return {"state": "to_undo", **_returning(ports, words, going)}


def undone(ports: Ports, name: str, undo: str) -> Json:
    """What an undo meant for an interaction, by what stands now."""
    words = list(interactions.words(ports.items, name))
    return _returning(ports, words, [w.stamp for w in words if w.retracted_by == undo])


def _returning(ports: Ports, words: list[Heard], taken: list[str]) -> Json:
    """With and without the words of these stamps, of which there may be none (a call's word
    that others said too)."""
    stay = [w for w in words if not w.retracted_by and w.stamp not in taken]
    with_them = [w for w in words if w in stay or w.stamp in taken]
    old, new = (_parts(ports, found[:1]) for found in (with_them, stay))
    gone = _parts(ports, [w for w in words if w.stamp in taken][:1])
    later = stay[:1] == with_them[:1]
    return {
        "contact_id": _home(ports, [*stay[:1], *with_them]),
        "interaction": {"source": words[0].source, "id": words[0].id},
        "fields": {n: {"before": old.get(n), "after": new.get(n)} for n in _differing(old, new)},
        "kept": _differing(gone, new) if later and taken else [],
    }


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted(n for n in {*one, *other} if one.get(n) != other.get(n))


def _parts(ports: Ports, newest: list[Heard]) -> Json:
    """What a word says; nothing where it takes the interaction back, or there is none."""
    told = newest[0].told if newest else None
    if told is None:
        return {}
    contact = insisting(ports, lambda _: contacts.load(ports.items, told.record))
    assert contact is not None  # a word stands on a record that stands
    record = contact.records[told.record]
    return parts_of(told, (record.source, record.external_id))


def _home(ports: Ports, words: Iterable[Heard]) -> str | None:
    """The contact on whose timeline it stands, or stood."""
    record = next((w.told.record for w in words if w.told), None)
    head = insisting(ports, lambda _: contacts.head_of(ports.items, record)) if record else None
    return head.id if head else None
