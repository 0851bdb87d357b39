"""The storage port's contract: conditions, transactions, and what is refused."""

import pytest

from chalicelib.store.ports import (
    Absent,
    Condition,
    Conflict,
    Delete,
    Equals,
    Items,
    Key,
    Put,
    Set,
    Write,
)

from .items_support import HEAD, NOWHERE, OTHER, VERSION, Refused, not_on_moto, put

LONG = "ż" * 512  # 1,024 bytes


def a_write(kind: str, condition: Condition) -> Write:
    writes: dict[str, Write] = {
        "put": Put(HEAD, {"new": 1}, condition),
        "set": Set(HEAD, {"new": 1}, condition),
        "delete": Delete(HEAD, condition),
    }
    return writes[kind]


class TestConditions:
    @pytest.mark.parametrize(
        ("condition", "holds"),
        [
            (None, True),
            (Absent(), False),
            (Equals("rev", 1), True),
            (Equals("rev", 2), False),
            (Equals("rev", "1"), False),
            (Equals("name", "Ania"), True),
            (Equals("name", "ania"), False),
            (Equals("missing", 1), False),
            (Equals("size", 7), True),  # a reserved word of DynamoDB's
        ],
    )
    @pytest.mark.parametrize("kind", ["put", "set", "delete"])
    def test_a_condition_on_what_stands(
        self, items: Items, condition: Condition, holds: bool, kind: str
    ) -> None:
        before = {"rev": 1, "name": "Ania", "flag": True, "size": 7}
        items.write([Put(HEAD, before)])
        write = a_write(kind, condition)
        key = {"pk": HEAD.pk, "sk": HEAD.sk}
        after = {"put": key | {"new": 1}, "set": before | key | {"new": 1}, "delete": None}[kind]
        if holds:
            items.write([write])
            assert items.get(HEAD) == after
        else:
            with pytest.raises(Conflict) as lost:
                items.write([write])
            assert lost.value.failed == (0,)
            assert items.get(HEAD) == before | key

    @not_on_moto
    def test_one_is_not_true(self, items: Items) -> None:
        items.write([put(HEAD, flag=True)])
        with pytest.raises(Conflict):
            items.write([put(HEAD, Equals("flag", 1))])

    @pytest.mark.parametrize("kind", ["put", "set", "delete"])
    def test_equals_never_holds_where_nothing_stands(self, items: Items, kind: str) -> None:
        with pytest.raises(Conflict):
            items.write([a_write(kind, Equals("rev", 1))])
        assert items.get(HEAD) is None

    def test_absent_holds_where_nothing_stands(self, items: Items) -> None:
        items.write([put(HEAD, Absent(), n=1), Set(OTHER, {"n": 2}, Absent())])
        assert items.get_many([HEAD, OTHER])[OTHER]["n"] == 2

    def test_a_deletion_of_nothing_is_no_error(self, items: Items) -> None:
        items.write([Delete(HEAD)])
        assert items.get(HEAD) is None

    def test_a_set_keeps_the_rest_and_replaces_values_whole(self, items: Items) -> None:
        items.write([put(HEAD, keep="k", map={"a": 1}, n=1)])
        items.write([Set(HEAD, {"map": {"b": 2}, "n": None, "size": "reserved"})])
        assert items.get(HEAD) == {
            "pk": HEAD.pk,
            "sk": HEAD.sk,
            "keep": "k",
            "map": {"b": 2},
            "n": None,
            "size": "reserved",
        }

    def test_a_set_makes_the_item_where_it_does_not_stand(self, items: Items) -> None:
        items.write([Set(HEAD, {"a.b": 1})])
        assert items.get(HEAD) == {"pk": HEAD.pk, "sk": HEAD.sk, "a.b": 1}


class TestTransactions:
    def test_all_kinds_are_written_together(self, items: Items) -> None:
        items.write([put(OTHER, rev=1), put(NOWHERE, rev=1)])
        items.write(
            [
                put(HEAD, Absent(), n=1),
                Set(OTHER, {"rev": 2}, Equals("rev", 1)),
                Delete(NOWHERE, Equals("rev", 1)),
                put(VERSION, n=4),
            ]
        )
        found = items.get_many([HEAD, OTHER, NOWHERE, VERSION])
        assert found.keys() == {HEAD, OTHER, VERSION}
        assert found[OTHER]["rev"] == 2

    def test_nothing_is_written_where_any_condition_fails(self, items: Items) -> None:
        items.write([put(OTHER, rev=1)])
        with pytest.raises(Conflict) as lost:
            items.write(
                [
                    put(HEAD, Absent()),
                    put(OTHER, Absent()),
                    put(VERSION),
                    Set(NOWHERE, {"rev": 2}, Equals("rev", 1)),
                ]
            )
        assert lost.value.failed == (1, 3)
        assert items.get_many([HEAD, OTHER, VERSION, NOWHERE]).keys() == {OTHER}

    def test_a_hundred_are_written_at_once_and_one_more_is_refused(
        self, items: Items, refused: Refused
    ) -> None:
        writes = [put(Key("contacts", "p", f"{n:03}")) for n in range(101)]
        with pytest.raises(refused):
            items.write(writes)
        assert items.query("contacts", "p").items == []
        items.write(writes[:100])
        assert len(items.query("contacts", "p").items) == 100


class TestRefusals:
    @pytest.mark.parametrize(
        "writes",
        [
            pytest.param([], id="no writes"),
            pytest.param([put(HEAD), Delete(HEAD)], id="the same key twice"),
            pytest.param([put(HEAD, share=0.5)], id="a float"),
            pytest.param([put(HEAD, deep=[{"share": 1.0}])], id="a float inside"),
            pytest.param([Set(HEAD, {"share": 0.5})], id="a float set"),
            pytest.param([put(Key("contacts", "", "s"))], id="an empty pk"),
            pytest.param([put(Key("contacts", "p", ""))], id="an empty sk"),
            pytest.param([put(Key("contacts", LONG * 2 + "x", "s"))], id="a long pk"),
            pytest.param([put(Key("contacts", "p", LONG + "x"))], id="a long sk"),
            pytest.param([put(HEAD, text="x" * 410_000)], id="400 KB"),
            pytest.param([put(OTHER), put(HEAD, text="ż" * 205_000)], id="400 KB together"),
            pytest.param([Set(HEAD, {"sk": "x"})], id="a key set"),
            pytest.param([put(HEAD, lane="x", due="")], id="an empty index key"),
        ],
    )
    def test_what_dynamodb_refuses(
        self, items: Items, writes: list[Write], refused: Refused
    ) -> None:
        with pytest.raises(refused):
            items.write(writes)
        assert items.get_many([HEAD, OTHER]) == {}

    @not_on_moto
    @pytest.mark.parametrize(
        "writes",
        [
            pytest.param([put(HEAD, digits=10**38 + 1)], id="39 digits"),
            pytest.param([put(HEAD, lane="x", due=7)], id="an index key that is no text"),
            pytest.param(
                [put(Key("contacts", f"p{n}", "s"), text="x" * 390_000) for n in range(11)],
                id="four megabytes together",
            ),
        ],
    )
    def test_what_dynamodb_refuses_and_moto_does_not(
        self, items: Items, writes: list[Write], refused: Refused
    ) -> None:
        with pytest.raises(refused):
            items.write(writes)
        assert items.get_many([write.key for write in writes]) == {}

    def test_an_item_may_not_grow_over_400_kb(self, items: Items, refused: Refused) -> None:
        items.write([put(HEAD, first="x" * 300_000)])
        with pytest.raises(refused):
            items.write([Set(HEAD, {"second": "x" * 200_000})])
        found = items.get(HEAD)
        assert found is not None
        assert "second" not in found

    def test_the_longest_keys_are_taken(self, items: Items) -> None:
        key = Key("contacts", LONG * 2, LONG)
        items.write([put(key, n=1)])
        assert key in items.get_many([key])
