"""What reaches a target that listens: who, when, how it looks, and why someone goes."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from docs.receiver import verify
from infra.client import Api
from tests.app.listening import Listener
from tests.app.speaking import Json, Source, settle

Register = Callable[..., Source]
Listen = Callable[..., Listener]
FIELDS = ["full_name", "emails", "roles"]


def person(name: str, *roles: str, **more: object) -> Json:
    address = f"{name.lower().replace(' ', '.')}@rozsylka.pl"
    return {"full_name": name, "emails": [address], "roles": list(roles), **more}


def test_a_target_is_told_of_exactly_those_that_match(
    source: Register, target: Listen, api: Api
) -> None:
    crm = source()
    listener = target(f"role:customer tag:{crm.id}", fields=FIELDS)
    told = [
        person("Anna Jantar", "customer"),
        person("Bogusław Mec", "supplier"),
        person("Czesław Niemen", "supplier", "customer"),
        person("Danuta Rinn"),
    ]
    ids = [crm.tell(f"f-{n}", **fields) for n, fields in enumerate(told)]
    settle(api)
    assert sorted(listener.book.contacts) == sorted([ids[0], ids[2]])
    assert all(push.genuine and push.path == "/contacts" for push in listener.pushes)
    (push,) = [push for push in listener.pushes if push.data["id"] == ids[0]]
    assert push.id == f"{listener.id}-{ids[0]}-1"
    assert set(push.message) == {"type", "timestamp", "data"}
    assert push.data == {
        "id": ids[0],
        "version": 1,
        "previous_ids": [],
        "full_name": "Anna Jantar",
        "emails": [{"address": "anna.jantar@rozsylka.pl"}],
        "roles": ["customer"],
    }
    states = {d["contact_id"]: d["state"] for d in api.items("/v1/deliveries", target=listener.id)}
    assert states == {ids[0]: "delivered", ids[2]: "delivered"}


def test_one_who_goes_is_taken_back_with_the_reason(
    source: Register, target: Listen, api: Api
) -> None:
    crm = source()
    listener = target(f"role:customer tag:{crm.id}", fields=FIELDS)
    names = ("Ewa Demarczyk", "Ferdynand Kiepski", "Grażyna Torbicka", "Hanka Ordonówna")
    ids = [crm.tell(f"g-{n}", **person(name, "customer")) for n, name in enumerate(names)]
    settle(api)
    crm.tell("g-0", "contact.patched", roles=["supplier"])
    crm.tell("g-1", "contact.deleted")
    api.post("/v1/merges", {"contacts": ids[2:]})
    settle(api)
    gone = {told["id"]: (told["reason"], told["merged_into"]) for told in listener.told("removed")}
    expected = {ids[0]: ("left_filter", None), ids[1]: ("retired", None)}
    assert gone == expected | {ids[3]: ("merged", ids[2])}
    assert list(listener.book.contacts) == [ids[2]]
    kept = listener.book.contacts[ids[2]]
    assert (kept["previous_ids"], kept["version"], len(kept["emails"])) == ([ids[3]], 2, 2)


def test_a_change_of_what_a_target_does_not_see_is_not_told(
    source: Register, target: Listen, api: Api
) -> None:
    crm = source()
    listener = target(f"tag:{crm.id}", fields=["full_name"])
    contact = crm.tell("i-1", full_name="Irena Santor")
    settle(api)
    crm.tell("i-1", "contact.patched", job_title="Piosenkarka")
    settle(api)
    crm.tell("i-1", "contact.patched", full_name="Irena Wiśniewska")
    settle(api)
    assert [p.id for p in listener.pushes] == [f"{listener.id}-{contact}-{n}" for n in (1, 3)]


def test_a_new_target_is_told_of_changes_from_then_on_and_by_a_backfill_of_all(
    source: Register, target: Listen, api: Api
) -> None:
    crm = source()
    before = crm.tell("j-1", **person("Jerzy Połomski", "customer"))
    settle(api)
    listener = target(f"tag:{crm.id}")
    after = crm.tell("j-2", **person("Kalina Jędrusik", "customer"))
    settle(api)
    assert list(listener.book.contacts) == [after]
    job = api.post(f"/v1/targets/{listener.id}/backfill")["job"]
    settle(api)
    assert api.get(f"/v1/jobs/{job}")["state"] == "done"
    assert sorted(listener.book.contacts) == sorted([before, after])


def test_another_filter_or_field_list_brings_what_a_target_has_up_to_date(
    source: Register, target: Listen, api: Api
) -> None:
    crm = source()
    settings = {"filter": f"tag:{crm.id}", "fields": ["full_name"]}
    listener = target(**settings)
    told = {"Lena Ledoff": "customer", "Zula Pogorzelska": "supplier"}
    ids = [crm.tell(name, **person(name, role)) for name, role in told.items()]
    settle(api)
    narrower = {"filter": f"tag:{crm.id} role:customer", "fields": ["full_name", "roles"]}
    api.put(f"/v1/targets/{listener.id}", {"url": listener.url, **narrower})
    settle(api)
    (kept,) = listener.book.contacts.values()
    assert (kept["id"], kept["roles"]) == (ids[0], ["customer"])
    (gone,) = listener.told("removed")
    assert (gone["id"], gone["reason"]) == (ids[1], "left_filter")


def test_two_records_of_one_person_told_at_once_are_one_welcome(
    source: Register, target: Listen, api: Api
) -> None:
    crm, shop = source(), source()
    listener = target(f"tag:{crm.id} OR tag:{shop.id}")
    twin = person("Ludwik Sempoliński", birth_date="1899-08-18")
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(s.tell, "l-1", **twin) for s in (crm, shop)]
        ids = {call.result() for call in calls}
    settle(api)
    (survivor,) = listener.book.contacts
    assert survivor in ids
    records = api.get(f"/v1/contacts/{survivor}")["records"]
    assert {r["source"] for r in records} == {crm.id, shop.id}
    assert len(welcomes(listener)) == 1


def welcomes(listener: Listener) -> list[Json]:
    """The messages that tell of somebody whom the target did not know under any id."""
    known: set[str] = set()
    found = []
    for told in listener.told("upserted"):
        if not known & {told["id"], *told["previous_ids"]}:
            found.append(told)
        known |= {told["id"], *told["previous_ids"]}
    return found


def test_while_two_secrets_count_a_push_is_signed_with_both(
    source: Register, target: Listen, api: Api
) -> None:
    crm = source()
    listener = target(f"tag:{crm.id}")
    old = listener.secret
    new = api.rotate(f"/v1/targets/{listener.id}")
    crm.tell("m-1", **person("Mieczysław Fogg"))
    settle(api)
    (push,) = listener.pushes
    assert push.genuine and old != new
    assert verify(new, push.headers, push.body, time.time())


def test_a_ping_is_about_nobody_and_says_what_came_back(target: Listen, api: Api) -> None:
    listener = target("tag:nobody")
    path = f"/v1/targets/{listener.id}/ping"
    assert api.post(path) == {"delivered": True, "reason": "ok"}
    (push,) = listener.pushes
    assert push.genuine
    assert (push.message["type"], push.data) == ("ping", {})
    listener.answer = 500
    assert api.post(path) == {"delivered": False, "reason": "http_500"}
