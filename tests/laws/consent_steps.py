"""What happens in the law on consent, step by step: sources, people, outages; and stewards."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from chalicelib.domain import times
from chalicelib.domain.errors import ConflictError, InvalidError, NotFoundError
from chalicelib.domain.model import digest
from chalicelib.domain.sources import Source, Target
from chalicelib.flow.pausing import lifecycle
from chalicelib.flow.telling import backfill
from tests.laws.consent_stewards import KINDS, SOURCES, Step, Stewards
from tests.laws.consenting import NEWS, PEOPLE, record_of
from tests.laws.ledger import GIVEN, WITHDRAWN

steps = st.lists(
    st.builds(
        Step,
        kind=st.sampled_from(KINDS),
        who=st.integers(0, 2),
        other=st.integers(0, 2),
        which=st.integers(0, 5),
        source=st.integers(0, 1),
        event=st.sampled_from(["contact.upserted", "contact.patched"]),
        says=st.sampled_from(["", "", GIVEN, GIVEN, WITHDRAWN]),
        proof=st.sampled_from([False, False, True]),
        days=st.sampled_from([0, 0, 0, 1, 2]),
    ),
    min_size=1,
    max_size=16,
)


class Lives(Stewards):
    """Two people are known to the CRM, and to every system; the third may sign up anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self._told: list[tuple[str, Any, str, str]] = []
        for person in (0, 1):
            self.play(Step("import", who=person, says=GIVEN))
        self.quiet()

    def play(self, step: Step) -> None:
        """Let it happen, and look whether anybody's word was lost."""
        self.world.clock.tick(seconds=7)
        with suppress(ConflictError, InvalidError, NotFoundError):  # as things stand
            getattr(self, f"_{step.kind}")(step)
        self.faults += self.wrong()

    # Sources

    def _import(self, step: Step) -> None:
        source, name = SOURCES[step.source], PEOPLE[step.who]
        at = self.world.clock() - timedelta(days=step.days)
        facts = [NEWS | {"status": step.says, "occurred_at": times.text(at)}] if step.says else []
        facts = [f | {"proof": "signed"} if step.proof else f for f in facts]
        titles = {"job_title": ["kowal", "rybak", "szef"][step.which % 3]}
        person = {"given_name": name.title(), "family_name": f"Lis{name}", **titles}
        known = {"phones": [f"+4860010020{step.who}"], "birth_date": f"198{step.who}-11-21"}
        whole = person | known | {"emails": [f"{name}@example.org"]}
        said = whole if step.event == "contact.upserted" else titles
        told: dict[str, Any] = {"external_id": name, "occurred_at": times.text(at), **said}
        told |= {"consents": facts} if facts else {}
        self._call(source, told, step.event, f"m{len(self._told)}")

    def _again(self, step: Step) -> None:
        """The same file once more, as the same call or as another."""
        source, told, event, message = self._told[step.which % len(self._told)]
        self._call(source, told, event, message if step.other else f"m{len(self._told)}")

    def _gone(self, step: Step) -> None:
        at = times.text(self.world.clock() - timedelta(days=step.days))
        told = {"external_id": PEOPLE[step.who], "occurred_at": at}
        self._call(SOURCES[step.source], told, "contact.deleted", f"m{len(self._told)}")

    def _call(self, source: str, told: Any, event: str, message: str) -> None:
        batch = digest("call", source, message)
        (result,) = self.world.call(source, [told], event, message)
        assert result["outcome"] != "refused"
        self._told.append((source, told, event, message))
        known = batch in self.batches  # then nothing was done, though it may have been undone
        self.batches.append(batch)
        for fact in () if known else told.get("consents", ()):
            self.ledger.tell(record_of(PEOPLE.index(told["external_id"]), source), fact, batch)

    # People at Mailchimp, and at HubSpot

    def _email(self, step: Step) -> str:
        return f"{PEOPLE[step.who]}@example.org"

    def _is_there(self, step: Step) -> bool:
        member = self.chimp.records.get(self._email(step))
        return member is not None and member.status != "archived"

    def _leave(self, step: Step) -> None:
        if self._is_there(step):
            member = self.chimp.records[self._email(step)]
            if member.status != "unsubscribed":
                self.chimp.unsubscribe(self._email(step), "admin" if step.which == 5 else "user")
                self.left[self._email(step)] = times.text(self.world.clock())

    def _return(self, step: Step) -> None:
        self.chimp.create(self._email(step))
        self.left.pop(self._email(step), None)

    def _complain(self, step: Step) -> None:
        """The hook alone tells of it, so it comes."""
        if self._is_there(step):
            self.chimp.clean(self._email(step), "abuse")
            self.left[self._email(step)] = times.text(self.world.clock())
            self.calls(1)

    def _bounce(self, step: Step) -> None:
        if self._is_there(step):
            self.chimp.clean(self._email(step))
            self.left.pop(self._email(step), None)

    def _put_away(self, step: Step) -> None:
        if self._is_there(step):
            self.chimp.delete(self._email(step))

    def _edit_there(self, step: Step) -> None:
        if self._is_there(step):
            self.chimp.edit(self._email(step), FNAME=["Adaś", "Ewcia"][step.which % 2])

    def _edit_spot(self, step: Step) -> None:
        for name, record in [*self.spot.records.items()]:
            if record.get("email") == self._email(step):
                self.spot.edit(name, jobtitle=["kowal", "rybak"][step.which % 2])

    # The machinery

    def _pause(self, step: Step) -> None:
        kind: Any = (Source, Target)[step.source]
        lifecycle.pause(self.world.ports, kind, "mc")

    def _resume(self, step: Step) -> None:
        lifecycle.resume(self.world.ports, Source, "mc")
        lifecycle.resume(self.world.ports, Target, "mc")

    def _backfill(self, step: Step) -> None:
        backfill.backfill(self.world.ports, ("mc", "hs", "letters")[step.which % 3])

    def _fail(self, step: Step) -> None:
        (self.chimp, self.spot)[step.which % 2].fail_next(500)

    def _lose(self, step: Step) -> None:
        (self.chimp, self.spot)[step.which % 2].fail_next(500, after=True)

    def _turn(self, step: Step) -> None:
        self.turn()

    def _once(self, step: Step) -> None:
        self.calls(1)

    def _twice(self, step: Step) -> None:
        self.calls(2)

    def _drop(self, step: Step) -> None:
        self.chimp.events()

    def quiet(self) -> None:
        """All is well again, and everybody has had their say."""
        self._resume(Step("resume"))
        self.calls(1)
        for hours in (0, 0, 1, 3, 24, 0):
            self.world.clock.tick(hours=hours)
            self.turn()
