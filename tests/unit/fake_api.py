"""A fake of Kartoteka's API, as far as the demo and `make load` speak to it.

It takes signed webhooks and makes one contact of the records that `who` gives one name; when
health is asked for, it tells the targets, over HTTP and signed. It neither normalises nor scores.
"""

import json
import time
from collections import defaultdict
from collections.abc import Callable

import httpx

from docs.receiver import verify
from infra.client import Api, Json, signed

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KEY = "an-admin-key"
PAGE = 100


class FakeApi:
    """The state of the fake; `api()` is a client of it.

    `breakdowns` are the statuses of the next answers (0: none at all, only a broken line);
    `filters_work` switched off, every target is told of everybody.
    """

    def __init__(self, who: Callable[[str, str], str]) -> None:
        self.who = who
        self.sources: dict[str, Json] = {}
        self.targets: dict[str, Json] = {}
        self.records: dict[tuple[str, str], Json] = {}
        self.calls: dict[str, tuple[bytes, list[Json]]] = {}
        self.told: dict[tuple[str, str], Json] = {}
        self.breakdowns: list[int] = []
        self.slept: list[float] = []
        self.filters_work = True
        self._out = httpx.Client()

    def api(self) -> Api:
        """A client that notes its pauses and does not sleep."""
        transport = httpx.MockTransport(self._handle)
        return Api("http://fake/api/", KEY, transport=transport, sleep=self.slept.append)

    def contacts(self) -> dict[str, Json]:
        """The contacts as they stand, by id."""
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for source, external_id in self.records:
            groups[self._id(source, external_id)].append((source, external_id))
        return {id: self._contact(id, members) for id, members in groups.items()}

    def _id(self, source: str, external_id: str) -> str:
        return self.who(source, external_id).encode().hex()

    def _contact(self, id: str, members: list[tuple[str, str]]) -> Json:
        said = [self.records[member] for member in members]
        fields = {n: v for record in reversed(said) for n, v in record.items()}
        return fields | {
            "id": id,
            "version": len(members),
            "roles": sorted({role for record in said for role in record.get("roles", [])}),
            "tags": sorted({tag for s, _ in members for tag in self.sources[s].get("tags", [])}),
            "records": [{"source": s, "external_id": e} for s, e in members],
            "provenance": {n: {"source": members[0][0], "rule": "trust"} for n in fields},
        }

    def _handle(self, request: httpx.Request) -> httpx.Response:
        status = self.breakdowns.pop(0) if self.breakdowns else 200
        if not status:
            raise httpx.ConnectError("gone")
        if status != 200:
            return httpx.Response(status, json={"title": "Broken", "status": status})
        match request.url.path.removeprefix("/api/v1/").split("/"):
            case ["hooks", source]:
                return self._hook(source, request)
            case path if request.headers.get("authorization") == f"Bearer {KEY}":
                return self._admin(request.method, path, request)
        return httpx.Response(401, json={"title": "Not authorised"})

    def _admin(self, method: str, path: list[str], request: httpx.Request) -> httpx.Response:
        match method, *path:
            case "GET", "health":
                self._tell_targets()
                return httpx.Response(200, json={"waiting": {"match": 0, "deliveries": 0}})
            case "PUT", kind, id:
                known = self.sources if kind == "sources" else self.targets
                once = {} if id in known else {"secret": SECRET}
                known[id] = {"id": id, **json.loads(request.content)}
                return httpx.Response(200, json=known[id] | once)
            case "POST", _, _, "rotate":
                return httpx.Response(200, json={"secret": SECRET})
            case "POST", "targets", id, "backfill":
                self.told = {key: v for key, v in self.told.items() if key[0] != id}
                return httpx.Response(202)
            case "GET", "contacts", id:
                return httpx.Response(200, json=self.contacts()[id])
        cursor = request.url.params.get("cursor")
        if request.content:
            cursor = json.loads(request.content).get("cursor")
        return _page(self._list(method, path, request), int(cursor or 0))

    def _list(self, method: str, path: list[str], request: httpx.Request) -> list[Json]:
        match method, *path:
            case "POST", "contacts", "search":
                name, _, value = json.loads(request.content)["q"].partition(":")
                return [c for c in self.contacts().values() if value in c[f"{name}s"]]
            case "GET", "contacts", id, "records":
                keys = [tuple(r.values()) for r in self.contacts()[id]["records"]]
                return [
                    {"source": s, "external_id": e, "fields": self.records[s, e]} for s, e in keys
                ]
            case "GET", "contacts", id, "versions":
                return [
                    {
                        "version": 1,
                        "recorded_at": "2026-11-21T21:00:00Z",
                        "cause": {"type": "upsert", "by": "a-source"},
                    }
                ]
            case "GET", "merges":
                return [
                    {
                        "id": "a-merge",
                        "by": "model:1",
                        "explanation": {"en": "One person; for it equal e-mail."},
                    }
                ]
            case "GET", "sources":
                return list(self.sources.values())
        return []

    def _hook(self, source: str, request: httpx.Request) -> httpx.Response:
        body, message_id = request.content, request.headers["webhook-id"]
        if source not in self.sources or not verify(SECRET, request.headers, body, time.time()):
            return httpx.Response(401, json={"title": "Not authorised"})
        before, results = self.calls.get(message_id, (body, None))
        if before != body:
            return httpx.Response(409, json={"title": "Conflict", "detail": "another body"})
        if results is None:
            results = [self._take(source, record) for record in json.loads(body)["data"]]
            self.calls[message_id] = (body, results)
        return httpx.Response(202, json={"results": results})

    def _take(self, source: str, record: Json) -> Json:
        key = (source, record.pop("external_id"))
        del record["occurred_at"]
        result: Json = {"external_id": key[1], "contact_id": self._id(*key), "errors": []}
        if record.get("kind") == "robot":
            error = {"pointer": "/kind", "code": "not_a_choice", "detail": ""}
            return result | {"outcome": "refused", "errors": [error]}
        before = self.records.get(key)
        if before is not None and record.items() <= before.items():
            return result | {"outcome": "unchanged"}
        self.records[key] = (before or {}) | record
        return result | {"outcome": "updated" if before else "created"}

    def _tell_targets(self) -> None:
        for target in self.targets.values():
            for contact in self.contacts().values():
                role = target["filter"].removeprefix("role:")
                if role in contact["roles"] or not self.filters_work:
                    self._tell(target, contact)

    def _tell(self, target: Json, contact: Json) -> None:
        data = {name: contact.get(name) for name in ("id", "version", *target["fields"])}
        if self.told.get((target["id"], contact["id"])) == data:
            return
        self.told[target["id"], contact["id"]] = data
        body = json.dumps({"type": "contact.upserted", "data": data}).encode()
        message_id = f"{target['id']}-{contact['id']}-{contact['version']}"
        headers = signed(SECRET, message_id, body, int(time.time()))
        self._out.post(target["url"], content=body, headers=headers).raise_for_status()


def _page(items: list[Json], start: int) -> httpx.Response:
    following = str(start + PAGE) if start + PAGE < len(items) else None
    return httpx.Response(200, json={"items": items[start : start + PAGE], "next": following})
