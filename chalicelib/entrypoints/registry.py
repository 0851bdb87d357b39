"""Sources and targets: who tells us, and whom we tell."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from chalice import Blueprint
from pydantic import Field

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.fields import field_of
from chalicelib.domain.normal.references import SYSTEM_ID
from chalicelib.domain.sources import (
    Audience,
    DeletedThere,
    Gate,
    Kind,
    Owner,
    Removal,
    Source,
    SourceKind,
    System,
    Target,
)
from chalicelib.domain.views import USUAL
from chalicelib.entrypoints.http import Call, Form, answered, expose
from chalicelib.flow import registry as systems
from chalicelib.flow.hearing.partners import put_source as put_source_settings
from chalicelib.flow.telling import accounts, backfill, deliver
from chalicelib.flow.telling.targets import put_target as put_target_settings

registry = Blueprint(__name__)
_HIDDEN = {"rev", "secret", "old_secret", "old_until"}
Country = Field(default="PL", pattern="^[A-Z]{2}$")
Label = Field(default="", max_length=200)


class SourceForm(Form):
    """A source's settings; see `Source` for what each means."""

    name: str = Label
    kind: SourceKind = "generic"
    tags: tuple[str, ...] = Field(default=(), max_length=100)
    duplicate_policy: Literal["merge", "overwrite", "skip"] = "merge"
    automatic_merge: bool = True
    trust: int = Field(default=50, ge=0, le=100)
    country: str = Country
    allowed_fields: tuple[str, ...] | None = None
    invalid_field: Literal["drop", "refuse"] = "drop"
    clock: Literal["own", "receipt"] = "own"
    enabled: bool = True
    state: Literal["prepared", "active"] | None = None

    def settings(self) -> dict[str, Any]:
        """As they are stored."""
        return self.model_dump()


class GateForm(Form):
    """What must be consented to; see `Gate`."""

    purpose: str = Field(min_length=1, max_length=100)
    channel: Literal["email", "phone", "sms", "post", "chat"]
    unless: Literal["", "withdrawn"] = ""


class RateForm(Form):
    """How often it may be called; see `Rate`."""

    units: int = Field(ge=1, le=1_000_000)
    seconds: int = Field(ge=1, le=86_400)
    daily: int | None = Field(default=None, ge=1, le=1_000_000_000)


class GuardForm(Form):
    """When a target is held until a person looks; see `Guard`."""

    share: int = Field(default=20, ge=1, le=100)
    at_least: int = Field(default=50, ge=1, le=1_000_000)
    window_minutes: int = Field(default=60, ge=12, le=1440)


class AccessForm(Form):
    """Credentials by their names, which hang on the target's kind."""

    access: dict[str, Annotated[str, Field(min_length=1, max_length=4_000)]] = Field(max_length=20)


class TargetForm(Form):
    """A target's settings; see `Target` for what each means."""

    name: str = Label
    kind: Kind = "webhook"
    url: str = ""
    filter: str = ""
    audience: Audience = "filter"
    fields: tuple[str, ...] | None = None
    mapping: dict[str, Any] | None = None
    options: dict[str, str] = Field(default={}, max_length=20)
    held: Literal["send", "keep"] = "send"
    removal: Removal | None = None
    consent: GateForm | None = None
    rate: RateForm | None = None
    guard: GuardForm | None = GuardForm()
    owners: dict[str, Owner] = Field(default={}, max_length=100)
    deleted_there: DeletedThere = "leave"
    enabled: bool = True
    state: Literal["prepared", "active"] | None = None

    def settings(self) -> dict[str, Any]:
        """As they are stored; a webhook that names no fields gets the usual ones."""
        usual = USUAL if self.kind == "webhook" else ()
        fields = usual if self.fields is None else self.fields
        gate = Gate(**self.consent.model_dump()) if self.consent else None
        return self.model_dump() | {"fields": fields, "consent": gate}


@expose(registry, "/v1/sources/{source}", "PUT")
def put_source(call: Call, source: str) -> Any:
    """Register a source, or change its settings."""
    form = call.form(SourceForm)
    _check_fields(form.allowed_fields or ())
    check_name(source)
    return _answered(*put_source_settings(call.ports, source, _settings(form)))


@expose(registry, "/v1/targets/{target}", "PUT")
def put_target(call: Call, target: str) -> Any:
    """Register a target, or change its settings; what it has or has missed follows."""
    check_name(target)
    settings = _settings(call.form(TargetForm))
    return _answered(*put_target_settings(call.ports, target, settings))


def _settings(form: SourceForm | TargetForm) -> dict[str, Any]:
    """What is asked for; a state that is not given stays as it is, or is active."""
    return {n: v for n, v in form.settings().items() if n != "state" or v}


def check_name(name: str) -> None:
    """Refuse what no id of a source, a target or a list may be; raises `InvalidError`."""
    if not SYSTEM_ID.fullmatch(name):
        raise InvalidError("An id is 1 to 63 of a-z, 0-9, _ and -.", status=400)


def _answered(known: System, secret: str) -> Any:
    return answered(shown(known) | ({"secret": secret} if secret else {}), 201 if secret else 200)


def shown(system: System) -> dict[str, Any]:
    """A source or target as the outside sees it."""
    return {n: v for n, v in system.row().items() if n not in _HIDDEN}


def _check_fields(names: Iterable[str]) -> None:
    if not all(name == "custom" or field_of(name) for name in names):
        detail = "It names a field that a contact does not have."
        raise InvalidError(detail, [FieldError("/allowed_fields", "unknown_field", detail)])


@expose(registry, "/v1/sources", "GET")
def get_sources(call: Call) -> Any:
    """All sources."""
    return {"items": [shown(s) for s in systems.listed(call.ports, Source)], "next": None}


@expose(registry, "/v1/targets", "GET")
def get_targets(call: Call) -> Any:
    """All targets."""
    return {"items": [shown(t) for t in systems.listed(call.ports, Target)], "next": None}


@expose(registry, "/v1/sources/{source}", "GET")
def get_source(call: Call, source: str) -> Any:
    """One source."""
    return shown(systems.registered(call.ports, Source, source))


@expose(registry, "/v1/targets/{target}", "GET")
def get_target(call: Call, target: str) -> Any:
    """One target."""
    return shown(systems.registered(call.ports, Target, target))


@expose(registry, "/v1/sources/{source}/rotate", "POST")
def rotate_source(call: Call, source: str) -> Any:
    """A new signing secret; the old one stays valid for a day."""
    return {"id": source, "secret": systems.rotate_secret(call.ports, Source, source)}


@expose(registry, "/v1/targets/{target}/rotate", "POST")
def rotate_target(call: Call, target: str) -> Any:
    """A new signing secret; pushes are signed with both for a day."""
    return {"id": target, "secret": systems.rotate_secret(call.ports, Target, target)}


@expose(registry, "/v1/targets/{target}/access", "PUT")
def put_access(call: Call, target: str) -> Any:
    """The credentials that the target lets us in by; they are never shown."""
    accounts.put_access(call.ports, target, call.form(AccessForm).access)
    return shown(systems.registered(call.ports, Target, target))


@expose(registry, "/v1/targets/{target}/backfill", "POST")
def post_backfill(call: Call, target: str) -> Any:
    """Tell the target of all that match, as a job."""
    return answered({"job": backfill.backfill(call.ports, target).id}, 202)


@expose(registry, "/v1/targets/{target}/ping", "POST")
def post_ping(call: Call, target: str) -> Any:
    """Send a test message and say what came back."""
    return deliver.ping(call.ports, target, call.remaining_ms)
