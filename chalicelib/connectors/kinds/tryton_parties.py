"""What makes a party of Tryton's show what is wanted: the difference to what it shows.

A party has rows: contact mechanisms, addresses, identifiers. Others point to them (an invoice
to its address), so none is deleted, nor turned into another: one that is not wanted any more
is put away (`active`), and comes back when it is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]
Row = dict[str, Any]

KEY = "kartoteka:"  # how the identifier begins that holds our id
ADDRESS = ("street", "city", "postal_code", "country")
_APART = frozenset({"categories", "contact_mechanisms", "addresses", "identifiers"})
_TYPES = {"phone": ("phone", "mobile")}  # alike to us; the first is what we make


def changes(record: Record, wanted: Mapping[str, Any], contact: str, root: str) -> dict[str, Any]:
    """What to write so that a party (empty: a new one) shows what is wanted of a contact.

    Languages and countries are codes in it, categories to be added names.
    """
    is_now = {**record, "lang": (record.get("lang") or {}).get("code")}
    news = {n: v for n, v in wanted.items() if n not in _APART and is_now.get(n) != v}
    back = {} if record.get("active", True) else {"active": True}
    rows = {
        "categories": _categories(record, wanted, root),
        "contact_mechanisms": _mechanisms(record, wanted.get("contact_mechanisms", {})),
        "addresses": _addresses(record, wanted),
        "identifiers": _identifiers(record, wanted.get("identifiers", {}), contact),
    }
    return news | back | {name: actions for name, actions in rows.items() if actions}


def unlinking(record: Record) -> dict[str, Any]:
    """What to write so that a party is nobody's any more."""
    return {"identifiers": [["delete", [row["id"] for row in _keys(record)]]]}


def owner(record: Record) -> str:
    """The contact whose party it is; empty: nobody's."""
    keys = (row["code"] for row in _keys(record) if row["active"])
    return next((key.removeprefix(KEY) for key in keys), "")


def tags(record: Record, root: str) -> list[Row]:
    """The categories that stand for tags: those right under one."""
    told = record.get("categories", ())
    return [c for c in told if c["parent"] and c["parent"]["name"] == root]


def mechanisms_of(record: Record, kind: str) -> list[Row]:
    """By type; those put away too."""
    types = _TYPES.get(kind, (kind,))
    return [row for row in record.get("contact_mechanisms", ()) if row["type"] in types]


def identifiers_of(record: Record, kind: str | None) -> list[Row]:
    """By type; those put away too."""
    return [row for row in record.get("identifiers", ()) if row["type"] == kind]


def compact(row: Row) -> str:
    """A number as E.164, where Tryton knows to write it so."""
    return str(row["value_compact"] or row["value"])


def address(row: Row) -> Row:
    """With its country as a code."""
    return {**row, "country": row["country"] and row["country"]["code"]}


def _keys(record: Record) -> list[Row]:
    return [row for row in identifiers_of(record, None) if row["code"].startswith(KEY)]


def _categories(record: Record, wanted: Mapping[str, Any], root: str) -> list[Any]:
    if "categories" not in wanted:
        return []
    has, shall = {c["name"]: c["id"] for c in tags(record, root)}, wanted["categories"] or ()
    new, old = [n for n in shall if n not in has], [i for n, i in has.items() if n not in shall]
    return ([["add", new]] if new else []) + ([["remove", old]] if old else [])


def _mechanisms(record: Record, wanted: Mapping[str, Sequence[Row] | None]) -> list[Any]:
    actions = []
    for kind, told in wanted.items():
        rows = [{**row, "value": compact(row)} for row in mechanisms_of(record, kind)]
        actions += _settled(rows, _numbered(told), ("value",), {"type": kind})
    return actions


def _addresses(record: Record, wanted: Mapping[str, Any]) -> list[Any]:
    if "addresses" not in wanted:
        return []
    rows = [address(row) for row in record.get("addresses", ())]
    return _settled(rows, _numbered(wanted["addresses"]), ("street", "city"), {})


def _identifiers(record: Record, wanted: Mapping[str, str | None], contact: str) -> list[Any]:
    actions = _settled(_keys(record), [{"code": KEY + contact}], ("code",), {})
    for kind, code in wanted.items():
        rows = [{**row, "code": row["code_compact"]} for row in identifiers_of(record, kind)]
        actions += _settled(rows, [{"code": code}] if code else [], ("code",), {"type": kind})
    return actions


def _numbered(told: Sequence[Row] | None) -> list[Row]:
    return [{**row, "sequence": n} for n, row in enumerate(told or (), 1)]


def _settled(rows: list[Row], wanted: Sequence[Row], key: Sequence[str], new: Row) -> list[Any]:
    """The actions that leave the wanted rows alone; `key` names what makes two the same."""
    left = sorted(rows, key=lambda row: not row["active"])
    made, actions = [], []
    for want in wanted:
        row = next((row for row in left if _same(row, want, key)), None)
        if row is None:
            made.append({**new, **want})
            continue
        left.remove(row)
        beside = {n: v for n, v in want.items() if n not in key} | {"active": True}
        if differing := {n: v for n, v in beside.items() if row[n] != v}:
            actions.append(["write", [row["id"]], differing])
    if away := [row["id"] for row in left if row["active"]]:
        actions.append(["write", away, {"active": False}])
    return actions + ([["create", made]] if made else [])


def _same(row: Row, want: Row, key: Sequence[str]) -> bool:
    return all((row[n] or "").casefold() == (want.get(n) or "").casefold() for n in key)
