"""Lists at a webhook: pushed once, previewed, told with the contact; and segments."""

from typing import Any

import pytest
from pydantic import ValidationError

from chalicelib.connectors.ports import Answer
from chalicelib.domain.deliveries import Delivery, Place, delivered
from chalicelib.domain.errors import ConflictError, InvalidError, NotFoundError
from chalicelib.domain.lists import Told
from chalicelib.domain.parcels import Parcel
from chalicelib.entrypoints.lists import ListForm
from chalicelib.flow import jobs, work_jobs
from chalicelib.flow.listing import segments, show
from chalicelib.flow.listing.membership import told_writes
from chalicelib.flow.listing.push import LISTS_CAP, Order, push
from chalicelib.flow.merging import merge
from chalicelib.flow.reading.search import Wanted, search
from chalicelib.flow.rehearsing import rehearse
from chalicelib.flow.ruling.findings import findings
from chalicelib.flow.telling.targets import put_target
from tests.laws.guarding import BOOK, book, full, person
from tests.support.checks import settled
from tests.support.mailing import BY, entries, pushed, sent
from tests.support.rest import holdings
from tests.support.scenes import born
from tests.support.state import read
from tests.support.world import START, World

OPEN: dict[str, Any] = BOOK | {"guard": None}
FIRST, SECOND = "email:p0@example.org", "email:p1@example.org"


@pytest.fixture
def world() -> World:
    return full(4, OPEN)


def order(text: str | None = "*", key: str = "k", **more: Any) -> Order:
    return Order("book", "vip", BY, key, **({"filter": text} | more))


def ids(*numbers: int) -> list[str]:
    return [born("crm", str(n)) for n in numbers]


def shown(world: World) -> dict[str, Any]:
    """What the webhook has of lists, of those of whom it was told of any."""
    return {c: d["lists"] for c, d in holdings(world, "book").items() if "lists" in d}


def test_a_webhook_is_told_the_names_and_nobody_else_is_sent_again(world: World) -> None:
    before = len(world.sender.told)
    pushed(world, "book", "vip", f"{FIRST} OR {SECOND}")
    pushed(world, "book", "abc", FIRST)
    assert shown(world) == {ids(0)[0]: ["abc", "vip"], ids(1)[0]: ["vip"]}
    assert len(world.sender.told) - before == 3
    pushed(world, "book", "vip", None)
    assert shown(world) == {ids(0)[0]: ["abc"], ids(1)[0]: []}
    settled(world)


def test_the_same_order_again_is_one_push(world: World) -> None:
    name = push(world.ports, order()).id
    world.work()
    before = world.items.snapshot()
    assert push(world.ports, order()).id == name
    assert world.items.snapshot() == before
    assert len(show.one(world.ports, "book", "vip")["pushes"]) == 1


def test_one_push_of_a_list_at_a_time(world: World) -> None:
    push(world.ports, order())
    with pytest.raises(ConflictError) as refused:
        push(world.ports, order(key="other"))
    assert refused.value.kind == "pushing"
    world.work()
    push(world.ports, order(key="other"))


def test_a_push_says_what_it_was_made_from_by_whom_and_what_it_came_to(world: World) -> None:
    segments.put(world.ports, "nrs", "All numbers", FIRST)
    push(world.ports, order(None, segment="nrs"))
    world.work()
    told = show.one(world.ports, "book", "vip")
    assert (told["name"], told["segment"], told["filter"]) == ("vip", "nrs", FIRST)
    (made,) = told["pushes"]
    counts = {"listed": 1, "added": 1, "kept": 0, "removed": 0, "withheld": {}}
    assert (made["state"], made["by"], made["result"]) == ("done", BY, counts)
    assert [each["name"] for each in show.lists(world.ports, "book", None, 10)["items"]] == ["vip"]


def test_a_preview_says_the_same_and_does_nothing(world: World) -> None:
    put_target(world.ports, "book", OPEN | {"filter": "-email:p2@example.org"})
    world.work()
    pushed(world, "book", "vip", FIRST)
    before = {k: r for k, r in world.items.snapshot().items() if not k.pk.startswith("T#")}
    wished = order("-email:p0@example.org", preview=True)
    job = push(world.ports, wished)
    world.drain("jobs")
    result = jobs.job(world.ports, job.id).result
    counts = {"listed": 2, "added": 2, "kept": 0, "removed": 1, "withheld": {"left_filter": 1}}
    assert result == {"target": "book", "list": "vip"} | counts
    after = {k: r for k, r in world.items.snapshot().items() if not k.pk.startswith("T#")}
    assert after == before
    said = {f["id"]: (f["task"], f["why"]) for f in findings(world.ports, job.id, None, 9)["items"]}
    tasks = [("remove", None), ("add", None), ("withhold", "left_filter"), ("add", None)]
    assert said == dict(zip(ids(0, 1, 2, 3), tasks, strict=True))
    assert pushed(world, "book", "vip", "-email:p0@example.org") == result


def test_what_was_sent_when_is_kept_for_good(world: World) -> None:
    pushed(world, "book", "vip", FIRST)
    world.call("crm", [person(0, 5, job_title="szewc")])
    world.work()
    pushed(world, "book", "vip", None)
    pushed(world, "book", "vip", FIRST)
    (zero,) = ids(0)
    assert sent(world, "book", "vip") == [
        (zero, "added", 1),
        (zero, "removed", 2),
        (zero, "added", 2),
    ]


def test_it_is_sent_only_once_it_has_arrived(world: World) -> None:
    world.sender.answers.append(Answer(500, None, "http_500"))
    push(world.ports, order(FIRST))
    world.drain("jobs", "deliver")
    assert sent(world, "book", "vip") == []
    world.work()
    assert [what for _, what, _ in sent(world, "book", "vip")] == ["added"]


def test_who_is_merged_is_shown_with_what_was_sent_of_the_one_they_are(world: World) -> None:
    pushed(world, "book", "vip", "*")
    pair = tuple(ids(0, 1))
    merge.merge(world.ports, merge.Order(pair, "merge", "", BY))
    world.work()
    items = show.entries(world.ports, "book", "vip", None, 10)["items"]
    homes = {e["contact_id"]: e["merged_into"] for e in items if e["merged_into"]}
    assert len(homes) == 1 and set(homes) | set(homes.values()) == set(pair)
    assert all(e["sent"]["on"] for e in items)


def test_a_target_of_lists_has_only_who_is_on_one() -> None:
    world = full(4, OPEN)
    put_target(world.ports, "book", OPEN | {"audience": "lists"})
    world.work()
    assert holdings(world, "book") == {}
    pushed(world, "book", "vip", FIRST)
    pushed(world, "book", "abc", SECOND)
    assert set(holdings(world, "book")) == set(ids(0, 1))
    pushed(world, "book", "vip", None)
    assert set(holdings(world, "book")) == set(ids(1))
    gone = [t.data["reason"] for t in world.sender.told if t.type == "contact.removed"]
    assert set(gone) == {"not_listed"}
    settled(world)


def test_a_rehearsal_tells_of_another_audience() -> None:
    world = full(3, OPEN)
    pushed(world, "book", "vip", FIRST)
    job = rehearse.rehearse(world.ports, "book", {"audience": "lists"})
    world.drain("jobs")
    result = jobs.job(world.ports, job.id).result
    assert (result["remove"], result["leave"]) == (2, 1)


def test_a_push_too_many_is_held_by_the_guard() -> None:
    world = full(40)
    push(world.ports, order())
    world.work()
    assert (book(world).state, len(sent(world, "book", "vip"))) == ("held", 8)


def test_a_push_goes_on_where_it_was(world: World) -> None:
    """Its time is over again and again, after each page."""
    job = push(world.ports, order())
    while jobs.job(world.ports, job.id).state == "open":
        left = iter([900_000] * 50)  # so many parts there are, most of them empty
        work_jobs.work_job(world.ports, job.id, lambda left=left: next(left, 0))
    world.work()
    assert jobs.job(world.ports, job.id).result["listed"] == 4


@pytest.mark.parametrize(
    ("wished", "pointer"),
    [
        (order(None, segment="none"), "/segment"),
        (order("colour:red"), ""),
        (Order("book", "kartoteka-x", BY, "k", filter="*"), "/list"),
    ],
)
def test_what_cannot_be_pushed_is_refused(world: World, wished: Order, pointer: str) -> None:
    before = world.items.snapshot()
    with pytest.raises(InvalidError) as refused:
        push(world.ports, wished)
    assert [e.pointer for e in refused.value.errors] == [pointer]
    assert world.items.snapshot() == before


def test_what_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFoundError):
        push(world.ports, order(None))
    for asked in (show.entries, show.sent):
        with pytest.raises(NotFoundError):
            asked(world.ports, "book", "vip", None, 10)


def test_a_segment_is_a_filter_with_a_name(world: World) -> None:
    known, is_new = segments.put(world.ports, "some", "Some", f"{FIRST} OR {SECOND}")
    assert is_new and segments.view(known)["filter"] == f"{FIRST} OR {SECOND}"
    assert not segments.put(world.ports, "some", "Some", f"{FIRST} OR {SECOND}")[1]
    q = segments.filter_of(world.ports, "some", "-email:p0@example.org")
    found = search(world.ports, Wanted(q, None, 10, BY), None)["items"]
    assert [c["id"] for c in found] == ids(1)
    assert segments.filter_of(world.ports, "some", "*") == known.filter
    with pytest.raises(InvalidError):
        segments.put(world.ports, "bad", "", "colour:red")


def test_a_deleted_segment_is_gone_until_it_is_saved_again(world: World) -> None:
    segments.put(world.ports, "some", "", FIRST)
    pushed(world, "book", "vip", FIRST)
    segments.delete(world.ports, "some")
    segments.delete(world.ports, "some")
    assert segments.listed(world.ports, "", None, 10)["items"] == []
    with pytest.raises(NotFoundError):
        segments.named(world.ports, "some")
    with pytest.raises(NotFoundError):
        segments.delete(world.ports, "never")
    assert entries(world, "book", "vip") == {ids(0)[0]: ("listed", None)}
    assert segments.put(world.ports, "some", "", SECOND)[1]


def test_a_row_of_the_record_names_nobody(world: World) -> None:
    pushed(world, "book", "vip", "*")
    kept = [r for k, r in world.items.snapshot().items() if "#told#" in k.pk or "#list#" in k.pk]
    assert len(kept) == 8
    assert "example.org" not in str(kept) and "Nr" not in str(kept)
    assert read(world.items.snapshot()).entries


def test_an_empty_segment_is_not_everybody() -> None:
    with pytest.raises(ValidationError):
        ListForm(segment="")
    assert ListForm(filter="").filter == ""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (order(preview=True), order()),
        (order(FIRST), order(SECOND)),
        (order(""), order(None, segment="some")),
        (order(), order(None)),
    ],
)
def test_under_the_same_key_another_order_is_another_push(
    world: World, first: Order, second: Order
) -> None:
    segments.put(world.ports, "some", "", "")
    done = push(world.ports, first).id
    world.work()
    assert push(world.ports, second).id != done


def test_what_a_delivery_says_of_all_lists_fits_one_transaction() -> None:
    on = {f"l{n}": Told(on=True, version=1, at="2026") for n in range(LISTS_CAP)}
    row = Delivery(target="t", contact="c", told_lists=on)
    gone = Parcel("contact.removed", {"reason": "left_filter"}, "x", "2026")
    told = told_writes(row, delivered(row, gone, 2, 1, START, Place()))
    assert len(told) == LISTS_CAP <= 50  # the delivery is one more, each question that ends another


def test_whoever_is_found_again_is_not_told_again(world: World) -> None:
    push(world.ports, order(FIRST))
    world.drain("jobs")
    assert len(world.queues.waiting["deliver"]) == 1


def test_to_empty_a_list_asks_nobody_who_was_never_on_it(world: World) -> None:
    pushed(world, "book", "vip", FIRST)
    job = push(world.ports, order(None))
    world.work()
    assert jobs.job(world.ports, job.id).progress["at"] <= 2
