"""The index examined: what is listed for an owner stands, and is what it should have."""

from collections.abc import Collection, Iterable, Mapping

from chalicelib.domain.checking import Fault, index_faults
from chalicelib.domain.search_keys import contact_of, gone_rows, twin
from chalicelib.flow.checking.standing import has_change, heads, homes, many, versions
from chalicelib.flow.matching import index, look
from chalicelib.flow.matching.match import rows_of
from chalicelib.flow.ports import Ports
from chalicelib.flow.reading import search_index
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Conflict, Item

LIST, MATCH_ROW, PAST = "list=", "match=", twin("")


def searchable(ports: Ports, item: Item) -> Iterable[Fault]:
    """Of a head: its search rows."""
    return _listed(ports, item["pk"].partition("#")[2], search_index.KIND)


def matchable(ports: Ports, item: Item) -> Iterable[Fault]:
    """Of a record: its match rows."""
    return _listed(ports, item["pk"].partition("#")[2], look.KIND)


def _listed(ports: Ports, owner: str, kind: str) -> Iterable[Fault]:
    """What is indexed for an owner: as listed, and as it should be once nothing is to do."""
    listed = index.listing(ports, owner, kind)
    stands = rows_standing(ports, listed.rows)
    rows, card = wanted_rows(ports, owner, kind) or (None, listed.card)
    yield from index_faults(owner, listed.rows, stands, rows)
    if card != listed.card:
        words = "the card is not as wanted"
        yield Fault(code="index_list_astray", of="index", id=owner, detail=words, seeds=(owner,))
    if rows is not None and kind == search_index.KIND:
        yield from _past(ports, owner)


def _past(ports: Ports, owner: str) -> Iterable[Fault]:
    """What a contact once had and then had no more stands for searches as of a time."""
    gone = past_rows(ports, owner)
    missing = len(gone) - len(rows_standing(ports, gone))
    if missing:
        words = f"{missing} rows of the past do not stand"
        yield Fault(code="index_past_astray", of="index", id=owner, detail=words, seeds=(owner,))


def past_rows(ports: Ports, contact_id: str) -> Collection[index.Row]:
    """The rows that a contact's versions left behind."""
    return gone_rows([search_index.rows_of(v) for v in versions(ports.items, contact_id)])


def rows_standing(ports: Ports, rows: Iterable[index.Row]) -> dict[index.Row, str]:
    """Those of the rows that stand, with their notes."""
    names = {"\t".join(row): row for row in rows}
    found = many(ports.items, {keys.index(*row): name for name, row in names.items()})
    return {names[name]: item["note"] for name, item in found.items()}


def wanted_rows(ports: Ports, owner: str, kind: str) -> tuple[Mapping[index.Row, str], str] | None:
    """The rows and the card that an owner should have; None while a worker has them to do.

    And where what they follow from is torn, which is another fault.
    """
    try:
        return _search(ports, owner) if kind == search_index.KIND else _match(ports, owner)
    except (Conflict, KeyError):
        return None


def _search(ports: Ports, contact_id: str) -> tuple[Mapping[index.Row, str], str] | None:
    head = heads(ports.items, [contact_id]).get(contact_id)
    if head is None or has_change(ports.items, keys.MATCH, contact_id):
        return None
    version = contacts.version(ports.items, head.id, head.version)
    return dict.fromkeys(search_index.rows_of(version), ""), str(version.number)


def _match(ports: Ports, record_id: str) -> tuple[Mapping[index.Row, str], str] | None:
    home = homes(ports.items, [record_id]).get(record_id)
    if home is None or record_id in home.unmatched:
        return None
    return rows_of(ports, contacts.with_records(ports.items, home), record_id)


def indexed(ports: Ports, item: Item) -> Iterable[Fault]:
    """A list, or a row that has to be on one."""
    if item["pk"].startswith(LIST):
        yield from _listed(ports, item["pk"].removeprefix(LIST), item["sk"])
        return
    row = (item["pk"], item["sk"])
    owner, kind = owner_of(row)
    past = row[0].startswith(PAST)
    known = past_rows(ports, owner) if past else index.listing(ports, owner, kind).rows
    if row not in known and ports.items.get(keys.index(*row)):
        words = "a row is on no list"
        yield Fault(code="index_row_stray", of="index", id=owner, detail=words, seeds=(owner, *row))


def owner_of(row: index.Row) -> tuple[str, str]:
    """Whose row it is, and of which kind."""
    match_row = row[0].startswith(MATCH_ROW)
    return (row[1], look.KIND) if match_row else (contact_of(row[1]), search_index.KIND)
