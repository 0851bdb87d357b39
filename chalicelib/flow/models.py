"""Models: the bundled one, those that admins stored, and which of them is in force.

A stored model never changes under its version. What is in force is one small row, read for
each record that is matched; the models themselves are read once for each process.
"""

import json
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.domain.matching import MODEL, Model
from chalicelib.domain.model import Entity
from chalicelib.domain.model_forms import checked, mark_of, patched, shown, written
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Equals, Put, Write

KIND = "model"
_IN_FORCE = keys.registered("installation", "model")
_parsed: dict[str, Model] = {}  # by mark, so by content: what stands here is never stale


class Force(Entity):
    """Which model is in force: `version` is empty for the bundled one, of any release.

    `batch` is the activation that put it there, `job` the one that was last at the contacts
    on its account: it, or the undo of the one after it.
    """

    version: str = ""
    mark: str = ""
    batch: str = ""
    job: str = ""
    rev: int = 0


def force(ports: Ports) -> Force:
    """What is in force; one read."""
    return Force.of_row(ports.items.get(_IN_FORCE) or {})


def force_write(known: Force, news: Force) -> Write:
    """Put another model in force, on the condition that `known` still is."""
    row = news.model_copy(update={"rev": known.rev + 1}).row()
    return Put(_IN_FORCE, row, Equals("rev", known.rev) if known.rev else Absent())


def forced(model: Model, job: str) -> Force:
    """The row that says that a model is in force since that activation."""
    bundled = model.version == MODEL.version
    version, mark = ("", "") if bundled else (model.version, mark_of(model))
    return Force(version=version, mark=mark, batch=job, job=job)


def active(ports: Ports) -> Model:
    """The model by which the machine decides now."""
    known = force(ports)
    return _stored(ports, known.version, known.mark) if known.version else MODEL


def _stored(ports: Ports, version: str, mark: str) -> Model:
    if mark not in _parsed:
        _parsed[mark] = Model.of(json.loads(_row(ports, version)["model"]))
    return _parsed[mark]


def _row(ports: Ports, version: str) -> dict[str, Any]:
    row = ports.items.get(keys.registered(KIND, version))
    if row is None:
        raise NotFoundError("There is no model of this version.")
    return row


def named(ports: Ports, version: str) -> Model:
    """The model of a version; `NotFoundError` where there is none."""
    if version == MODEL.version:
        return MODEL
    row = _row(ports, version)
    return _stored(ports, version, row["mark"])


def store(ports: Ports, version: str, given: dict[str, Any], by: str) -> tuple[Model, bool]:
    """Store a whole model; returns it, and whether it is new.

    Raises `InvalidError`, and `ConflictError` where the version stands for another model.
    """
    return insisting(ports, lambda _: _store(ports, checked(version, given), by))


def change(
    ports: Ports, version: str, base: str, changes: dict[str, Any], by: str
) -> tuple[Model, bool]:
    """Store a model that is another one with some changes; as `store`."""
    stands = {n: v for n, v in shown(named(ports, base)).items() if n != "version"}
    return store(ports, version, patched(stands, changes), by)


def _store(ports: Ports, wanted: Model, by: str) -> tuple[Model, bool]:
    try:
        known = named(ports, wanted.version)
    except NotFoundError:
        row = {
            "id": wanted.version,
            "about": wanted.about,
            "model": written(wanted),
            "mark": mark_of(wanted),
            "created_at": times.text(ports.now()),
            "created_by": by,
        }
        ports.items.write([Put(keys.registered(KIND, wanted.version), row, Absent())])
        return wanted, True
    if mark_of(known) != mark_of(wanted):
        detail = "This version stands for another model; a model never changes."
        raise ConflictError(detail, kind="version_taken")
    return known, False


def listed(ports: Ports, _: str, after: str | None, limit: int) -> dict[str, Any]:
    """The known models, the bundled one first, and which is in force."""
    known = force(ports).version or MODEL.version
    page = ports.items.query("registry", KIND, after=after, limit=limit)
    bundled = [] if after else [_line(MODEL.version, MODEL.about, known) | {"bundled": True}]
    rows = [row for row in page.items if row["id"] != MODEL.version]
    stored = [
        _line(row["id"], row["about"], known) | {"bundled": False, "created_at": row["created_at"]}
        for row in rows
    ]
    return {"items": bundled + stored, "next": page.next}


def _line(version: str, about: str, in_force: str) -> dict[str, Any]:
    return {"version": version, "about": about, "active": version == in_force}
