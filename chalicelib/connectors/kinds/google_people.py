"""A person of the People API: what it says of itself, and what may be sent back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.connectors.connector import Op, Told
from chalicelib.connectors.patching import patched, tops, whole
from chalicelib.domain.mapping.paths import Theirs

Person = Mapping[str, Any]
KEY = "kartoteka"  # of our id in the client data, which no user sees
OWN = "clientData"
QUERIES = 5  # at most so many searches for one contact
# Google's own, or made of the rest: sent back, it would stand beside what is new.
_SAID = frozenset({"metadata", "formattedType", "formattedValue", "displayNameLastFirst"})
_MADE: Mapping[str, frozenset[str]] = {
    "names": _SAID | {"displayName", "unstructuredName"},
    "birthdays": _SAID | {"text"},
    "phoneNumbers": _SAID | {"canonicalForm"},
}
_WORDS = (
    "phoneNumbers[0].value",
    "names[0].unstructuredName",
    "names[0].familyName",
    "organizations[0].name",
)


def source(person: Person) -> Mapping[str, Any]:
    """The contact among what a person is made of: it has the id, the etag and the time."""
    sources = person.get("metadata", {}).get("sources", ())
    return next((s for s in sources if s.get("type") == "CONTACT"), {})


def etag_of(person: Person) -> str:
    """The version of the contact."""
    return str(source(person).get("etag", ""))


def created(op: Op) -> dict[str, Any]:
    """A new person."""
    return {name: _filled(value) for name, value in op.body.items()} | owned({}, op.id)


def changed(person: Person, op: Op, places: Iterable[str]) -> dict[str, Any]:
    """The fields that are to be written, as a whole each."""
    theirs = {name: _bare(name, person.get(name, ())) for name in op.body}
    fields = patched(theirs, op.body, places)
    return {name: _filled(value) for name, value in fields.items()} | owned(person, op.id)


def owned(person: Person, contact: str) -> dict[str, Any]:
    """The client data with our id, or without where it is empty."""
    others = [each for each in _bare(OWN, person.get(OWN, ())) if each.get("key") != KEY]
    return {OWN: others + ([{"key": KEY, "value": contact}] if contact else [])}


def _bare(name: str, elements: Sequence[Any]) -> list[dict[str, Any]]:
    """What a user or a program has written: the first comes first, a number in its full form."""
    made = _MADE.get(name, _SAID)
    return [{n: v for n, v in (e | _full(e)).items() if n not in made} for e in _ordered(elements)]


def _full(element: Mapping[str, Any]) -> dict[str, Any]:
    return {"value": element["canonicalForm"]} if "canonicalForm" in element else {}


def _ordered(elements: Sequence[Any]) -> list[Any]:
    """Google says which is the first, and promises no order."""
    return sorted(elements, key=lambda e: not e.get("metadata", {}).get("primary", False))


def _filled(elements: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    cleaned = ({n: v for n, v in e.items() if v not in (None, "")} for e in elements)
    return [e for e in cleaned if e]


def told(person: Person, places: Iterable[str]) -> Iterator[Told]:
    """What it says of the contact, and that it had other names once."""
    remote, about = str(person["resourceName"]), person.get("metadata", {})
    for name in about.get("previousResourceNames", ()):
        yield Told("merge", str(name), into=remote)
    at = source(person).get("updateTime")
    moment = datetime.fromisoformat(at) if at else None
    if about.get("deleted"):
        yield Told("delete", remote, occurred_at=moment)
    else:
        yield Told("upsert", remote, _body(person, places), etag_of(person), moment)


def _body(person: Person, places: Iterable[str]) -> dict[str, Any]:
    """The fields that were asked for; what Google leaves out is empty."""
    known = list(places)
    fields = {name: _ordered(person.get(name, ())) for name in tops(known)}
    return whole(fields, known)


def asked(responses: Iterable[Mapping[str, Any]], places: Iterable[str]) -> Iterator[Told]:
    """What a batch says of each that was asked for."""
    known = list(places)
    for each in responses:
        name = str(each.get("requestedResourceName", ""))
        if "person" not in each:
            yield Told("delete", name)
            continue
        now = str(each["person"]["resourceName"])
        if name not in ("", now):
            yield Told("merge", name, into=now)
        yield from told(each["person"], known)


def queries(op: Op) -> Sequence[str]:
    """What a search for the contact may begin with."""
    if op.lookup:
        return op.lookup[:QUERIES]
    words = (Theirs.read(place).get(op.body) for place in _WORDS)
    return [next((w for w in words if isinstance(w, str) and w), "")]


def matching(people: Iterable[Person], op: Op) -> list[str]:
    """Those with our id; or else those with one of its addresses."""
    found = {str(p["resourceName"]): p for p in people}
    ours = [n for n, p in found.items() if op.id in _ids(p)]
    wanted = {address.casefold() for address in op.lookup}
    return ours or [n for n, p in found.items() if wanted & _addresses(p)]


def _ids(person: Person) -> set[str]:
    return {str(e.get("value")) for e in person.get(OWN, ()) if e.get("key") == KEY}


def _addresses(person: Person) -> set[str]:
    return {str(e.get("value")).casefold() for e in person.get("emailAddresses", ())}
