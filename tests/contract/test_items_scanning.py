"""The storage port's contract: whole tables, read in parts."""

import pytest

from chalicelib.store.ports import Delete, Items, Key, Page

from .items_support import Refused, fill, not_on_moto, put

PLACES = [(f"p{n % 5}", f"s{n}") for n in range(12)]


def filled(items: Items) -> None:
    for pk, sk in PLACES:
        fill(items, [sk], pk=pk, n=1)


def scanned(items: Items, segment: int, segments: int, limit: int) -> list[tuple[str, str]]:
    """All that a segment holds, page by page."""
    found, after = [], None
    while True:
        page = items.scan("contacts", segment=segment, segments=segments, after=after, limit=limit)
        assert len(page.items) <= limit
        found += [(item["pk"], item["sk"]) for item in page.items]
        after = page.next
        if after is None:
            return found


@pytest.mark.parametrize("limit", [1, 5, 12, 100])
@pytest.mark.parametrize("segments", [1, 3])
def test_the_segments_hold_every_item_once(items: Items, segments: int, limit: int) -> None:
    filled(items)
    parts = [scanned(items, n, segments, limit) for n in range(segments)]
    assert sorted(place for part in parts for place in part) == sorted(PLACES)


def test_a_partition_stands_together_in_the_order_of_its_keys(items: Items) -> None:
    filled(items)
    found = scanned(items, 0, 1, 2)
    pks = [pk for pk, _ in found]
    assert len(dict.fromkeys(pks)) == 1 + sum(a != b for a, b in zip(pks, pks[1:], strict=False))
    for pk in set(pks):
        assert [sk for p, sk in found if p == pk] == sorted(sk for p, sk in PLACES if p == pk)


def test_items_come_whole_and_tables_do_not_mix(items: Items) -> None:
    items.write([put(Key("contacts", "p", "a"), n=1)])
    items.write([put(Key("versions", "p", "b"), n=2)])
    assert items.scan("contacts").items == [{"pk": "p", "sk": "a", "n": 1}]
    assert items.scan("index") == Page([], None)


def test_what_is_taken_away_while_one_reads_is_passed_over(items: Items) -> None:
    filled(items)
    page = items.scan("contacts", limit=4)
    read = [(item["pk"], item["sk"]) for item in page.items]
    items.write([Delete(Key("contacts", *read[-1]))])
    rest = items.scan("contacts", after=page.next).items
    assert sorted([*read, *((i["pk"], i["sk"]) for i in rest)]) == sorted(PLACES)


@not_on_moto
@pytest.mark.parametrize(("segment", "segments"), [(1, 1), (-1, 2), (0, 0), (0, 1_000_001)])
def test_a_part_that_there_is_not_is_refused(
    items: Items, refused: Refused, segment: int, segments: int
) -> None:
    with pytest.raises(refused):
        items.scan("contacts", segment=segment, segments=segments)
