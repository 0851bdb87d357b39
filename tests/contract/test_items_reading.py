"""The storage port's contract: single reads, pages, and the sparse index `due`."""

from typing import Any

import pytest

from chalicelib.store.ports import Delete, Items, Key, Page, Put, Set

from .items_support import HEAD, NOWHERE, VERSION, Refused, fill, not_on_moto, put, sks, walk


class TestReading:
    def test_nothing_stands_under_a_new_key(self, items: Items) -> None:
        assert items.get(HEAD) is None

    def test_an_item_comes_back_whole_and_with_its_key(self, items: Items) -> None:
        told = {
            "text": "Zażółć 😀",
            "empty": "",
            "yes": True,
            "no": False,
            "nothing": None,
            "list": [1, "two", [None], {}],
            "map": {"ł": {"deep": [False]}},
            "numbers": [0, -1, 10**37, 9007199254740993, 1_700_000_000_000_000],
        }
        items.write([Put(HEAD, told)])
        assert items.get(HEAD) == told | {"pk": HEAD.pk, "sk": HEAD.sk}

    def test_numbers_and_booleans_keep_their_types(self, items: Items) -> None:
        items.write([put(HEAD, one=1, true=True, big=1_000_000)])
        found = items.get(HEAD)
        assert found is not None
        assert [type(found[name]) for name in ("one", "true", "big")] == [int, bool, int]

    def test_what_is_handed_out_belongs_to_the_caller(self, items: Items) -> None:
        told = {"list": [1]}
        items.write([Put(HEAD, told)])
        told["list"].append(2)
        found = items.get(HEAD)
        assert found is not None
        found["list"].append(3)
        assert items.get(HEAD) == {"list": [1], "pk": HEAD.pk, "sk": HEAD.sk}

    def test_many_are_read_over_tables_and_the_absent_left_out(self, items: Items) -> None:
        items.write([put(HEAD, n=1), put(VERSION, n=2)])
        found = items.get_many([HEAD, NOWHERE, VERSION, HEAD])
        assert {key: item["n"] for key, item in found.items()} == {HEAD: 1, VERSION: 2}

    def test_none_of_many_is_read_from_none(self, items: Items) -> None:
        assert items.get_many([]) == {}

    def test_a_hundred_are_read_at_once_and_one_more_is_refused(
        self, items: Items, refused: Refused
    ) -> None:
        keys = [Key("contacts", "p", f"{n:03}") for n in range(101)]
        items.write([put(key) for key in keys[:100]])
        assert items.get_many(keys[:100]).keys() == set(keys[:100])
        with pytest.raises(refused):
            items.get_many(keys)


class TestQuerying:
    def test_an_empty_partition_is_an_empty_page(self, items: Items) -> None:
        assert items.query("contacts", "p") == Page([], None)

    def test_the_order_is_that_of_the_bytes(self, items: Items) -> None:
        order = ["", "A", "Z", "a", "ż", "中", "\uffee", "😀"]
        fill(items, [f"k{part}" for part in reversed(order)])
        assert walk(items) == [[f"k{part}" for part in order]]
        assert walk(items, newest_first=True) == [[f"k{part}" for part in reversed(order)]]

    def test_partitions_and_tables_do_not_mix(self, items: Items) -> None:
        fill(items, ["a"], pk="p")
        fill(items, ["b"], pk="q")
        items.write([put(Key("versions", "p", "c"))])
        assert walk(items, "p") == [["a"]]

    def test_a_prefix_narrows(self, items: Items) -> None:
        fill(items, ["R#1", "S#1", "S#2", "S#😀", "T#1"])
        assert walk(items, prefix="S#") == [["S#1", "S#2", "S#😀"]]
        assert walk(items, prefix="S#", newest_first=True) == [["S#😀", "S#2", "S#1"]]
        assert walk(items, prefix="X") == []

    @pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 100])
    @pytest.mark.parametrize("newest_first", [False, True])
    def test_pages_hold_every_item_once(self, items: Items, limit: int, newest_first: bool) -> None:
        expected = sorted("abcdef", reverse=newest_first)
        fill(items, expected)
        pages = walk(items, limit=limit, newest_first=newest_first)
        assert [len(page) for page in pages[:-1]] == [limit] * (len(pages) - 1)
        assert [sk for page in pages for sk in page] == expected

    def test_a_page_goes_on_behind_a_key_that_need_not_stand(self, items: Items) -> None:
        fill(items, ["V#1", "V#3", "V#5"])
        assert sks(items.query("contacts", "p", prefix="V#", after="V#3")) == ["V#5"]
        assert sks(items.query("contacts", "p", prefix="V#", after="V#2")) == ["V#3", "V#5"]
        older = items.query("contacts", "p", prefix="V#", after="V#4", newest_first=True)
        assert sks(older) == ["V#3", "V#1"]

    def test_a_megabyte_ends_a_page(self, items: Items) -> None:
        names = [f"{n:02}" for n in range(12)]
        fill(items, names, text="x" * 200_000)
        pages = walk(items)
        assert 3 <= len(pages) <= 4
        assert [sk for page in pages for sk in page] == names

    @not_on_moto
    def test_a_full_last_page_has_an_empty_one_behind_it(self, items: Items) -> None:
        fill(items, ["a", "b"])
        assert items.query("contacts", "p", limit=2).next == "b"
        assert items.query("contacts", "p", limit=2, after="b") == Page([], None)

    @not_on_moto
    def test_a_start_outside_the_prefix_is_refused(self, items: Items, refused: Refused) -> None:
        with pytest.raises(refused):
            items.query("contacts", "p", prefix="V#", after="S#1")


class TestDue:
    def test_the_index_lists_what_has_lane_and_due_in_the_order_of_due(self, items: Items) -> None:
        told: dict[str, dict[str, Any]] = {
            "late": {"lane": "x", "due": "30"},
            "soon": {"lane": "x", "due": "10"},
            "next": {"lane": "x", "due": "20"},
            "elsewhere": {"lane": "y", "due": "10"},
            "unlisted": {"lane": "x"},
            "laneless": {"due": "10"},
        }
        for name, values in told.items():
            items.write([put(Key("contacts", "p", name), **values, n=1)])
        page = items.due("contacts", "x", "20")
        assert sks(page) == ["soon", "next"]
        assert page.items[0] == {"pk": "p", "sk": "soon", "lane": "x", "due": "10", "n": 1}
        assert items.due("contacts", "z", "20") == Page([], None)

    @pytest.mark.parametrize("limit", [1, 2, 5])
    def test_the_index_can_be_read_backwards(self, items: Items, limit: int) -> None:
        for n in range(6):
            items.write([put(Key("contacts", f"p{n}", "s"), lane="x", due=f"{n}")])
        found, after = [], None
        while True:
            page = items.due("contacts", "x", "4", after=after, limit=limit, newest_first=True)
            found += [item["due"] for item in page.items]
            after = page.next
            if after is None:
                break
        assert found == ["4", "3", "2", "1", "0"]

    def test_the_index_follows_every_write(self, items: Items) -> None:
        key = Key("deliveries", "t", "c")
        items.write([put(key, lane="t", due="10")])
        items.write([Set(key, {"due": "30"})])
        assert items.due("deliveries", "t", "20").items == []
        assert sks(items.due("deliveries", "t", "30")) == ["c"]
        items.write([Set(key, {"lane": "u", "due": "10"})])
        assert items.due("deliveries", "t", "30").items == []
        items.write([put(key, n=1)])
        assert items.due("deliveries", "u", "30").items == []
        items.write([put(key, lane="u", due="10")])
        items.write([Delete(key)])
        assert items.due("deliveries", "u", "30").items == []

    @pytest.mark.parametrize("limit", [1, 2, 3, 100])
    def test_pages_of_the_index_hold_every_item_once(self, items: Items, limit: int) -> None:
        for n in range(6):
            items.write([put(Key("contacts", f"p{n}", "s"), lane="x", due=f"{n // 2}")])
        found, after = [], None
        while True:
            page = items.due("contacts", "x", "1", after=after, limit=limit)
            found += [item["pk"] for item in page.items]
            after = page.next
            if after is None:
                break
        assert sorted(found[:2]) == ["p0", "p1"]
        assert sorted(found[2:]) == ["p2", "p3"]

    @pytest.mark.parametrize("limit", [1, 2, 3, 100])
    def test_the_index_is_read_backwards_too(self, items: Items, limit: int) -> None:
        for n in range(5):
            items.write([put(Key("contacts", f"p{n}", "s"), lane="x", due=str(n))])
        found, after = list[str](), None
        while True:
            page = items.due("contacts", "x", "3", after=after, limit=limit, newest_first=True)
            found += [item["pk"] for item in page.items]
            after = page.next
            if after is None:
                break
        assert found == ["p3", "p2", "p1", "p0"]
