"""Loading a CSV file, against the fake API."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from infra import load, mapping
from infra.client import Api, Json
from tests.unit.fake_api import FakeApi

MAPPING: Json = {
    "external_id": "id",
    "occurred_at": {"column": "updated", "default": "2026-01-01T00:00:00Z"},
    "fields": {
        "given_name": "first_name",
        "emails": ["email", "email2"],
        "addresses": [{"street": "street", "country": {"constant": "PL"}}],
        "tags": {"column": "tags", "split": ";"},
        "roles": {"constant": ["customer"]},
    },
}
HEADER = "id,updated,first_name,email,email2,street,tags"
ANNA = "1,2026-02-03T10:00:00Z,Anna,a@example.com,anna@example.org,Długa 2,vip; nowa"
BARE = "2,,,,,,"


def changed(**keys: Any) -> Json:
    return MAPPING | keys


def read(text: str, how: Json = MAPPING) -> list[load.Line]:
    return list(load.lines(io.StringIO(text, newline=""), mapping.parse(how)))


def sent(text: str, fake: FakeApi, how: Json = MAPPING) -> load.Report:
    report = load.Report()
    load.load(fake.api(), "crm", read(text, how), report)
    return report


@pytest.fixture
def fake() -> FakeApi:
    return FakeApi(lambda source, id: f"{source}/{id}")


def test_a_row_becomes_a_record_of_the_mappings_shape() -> None:
    assert read(f"{HEADER}\n{ANNA}\n") == [
        load.Line(
            2,
            {
                "external_id": "1",
                "occurred_at": "2026-02-03T10:00:00Z",
                "given_name": "Anna",
                "emails": ["a@example.com", "anna@example.org"],
                "addresses": [{"street": "Długa 2", "country": "PL"}],
                "tags": ["vip", "nowa"],
                "roles": ["customer"],
            },
        )
    ]


def test_empty_cells_are_absent_fields_and_constants_stay() -> None:
    (line,) = read(f"{HEADER}\n{BARE}\n")
    default = {"external_id": "2", "occurred_at": "2026-01-01T00:00:00Z"}
    assert line.record == {**default, "roles": ["customer"]}


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ("1,2", {2: "2 cells where the header has 7"}),
        (f"{ANNA},more", {2: "8 cells where the header has 7"}),
        (f",{ANNA[2:]}", {2: "external_id: empty"}),
        (f"{ANNA}\n\n{BARE},", {4: "8 cells where the header has 7"}),
        (f'{ANNA}\n3,,"never closed,,,,\n{BARE}\n', {3: "not CSV: unexpected end of data"}),
        (f'3,,"An"na,,,,\n{ANNA}', {2: "not CSV: ',' expected after '\"'"}),
        ('3,,"two\nlines",,,,\n1', {4: "1 cells where the header has 7"}),
    ],
)
def test_a_row_that_cannot_be_read_is_named_by_the_line_it_begins_on(
    rows: str, errors: dict[int, str]
) -> None:
    found = {line.number: line.error for line in read(f"{HEADER}\n{rows}") if line.error}
    assert found == errors


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ([], "the mapping: must be an object"),
        ({"external_id": "id", "occurred_at": "updated"}, "fields: missing"),
        (changed(skip=1), "skip: unknown; known are delimiter, external_id, fields, occurred_at"),
        (changed(delimiter="||"), "delimiter: must be one character"),
        (changed(external_id=7), "external_id: must be an object"),
        (changed(occurred_at={"columns": "x"}), "occurred_at.columns: unknown; known are column"),
        (changed(occurred_at={"default": "x"}), "occurred_at.column: must be a string"),
        (changed(fields={"tags": {"constant": [], "split": ";"}}), "fields.tags.split: unknown"),
        (changed(fields={"tags": {"column": "x", "split": 1}}), "fields.tags.split: must be"),
        (changed(fields={"shoe_size": "size"}), "fields.shoe_size: unknown; known are addresses, "),
        (changed(fields={"addresses": [{"zip": "zip"}]}), "fields.addresses[0].zip: unknown; "),
        (changed(fields={"emails": ["email", 3]}), "fields.emails[1]: must be an object"),
        (changed(fields={"addresses": [{"city": "town"}]}), "fields.addresses[0].city: the file"),
        (changed(external_id="nr"), "external_id: the file has no column 'nr'"),
    ],
)
def test_a_wrong_mapping_is_refused_by_its_key(how: Any, message: str) -> None:
    with pytest.raises(mapping.MappingError) as error:
        read(f"{HEADER}\n", how)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "the file is empty"), ("id,id,updated\n", "the file names a column twice: id")],
)
def test_a_file_without_a_usable_header_is_refused(text: str, message: str) -> None:
    with pytest.raises(mapping.MappingError, match=message):
        read(text)


def test_custom_fields_have_any_name() -> None:
    how = changed(fields={"custom": {"segment": "tags", "vip": {"constant": True}}})
    (line,) = read(f"{HEADER}\n{ANNA}\n", how)
    assert line.record["custom"] == {"segment": "vip; nowa", "vip": True}


def test_the_delimiter_is_the_mappings() -> None:
    (line,) = read(f"{HEADER.replace(',', ';')}\n7;;Ewa;;;;\n", changed(delimiter=";"))
    assert line.record["given_name"] == "Ewa"


def test_loading_registers_the_source_and_counts_outcomes(fake: FakeApi) -> None:
    report = sent(f"{HEADER}\n{ANNA}\n{BARE}\n3,\n", fake)
    assert fake.sources["crm"]["kind"] == "generic"
    assert (dict(report.accepted), report.refused) == ({"created": 2}, 1)


def test_loading_keeps_the_settings_of_a_source_that_stands(fake: FakeApi) -> None:
    fake.sources["crm"] = {"id": "crm", "name": "Our CRM", "trust": 90}
    sent(f"{HEADER}\n{ANNA}\n", fake)
    assert fake.sources["crm"] == {"id": "crm", "name": "Our CRM", "trust": 90}


def test_the_same_file_again_is_the_same_calls(fake: FakeApi) -> None:
    text = f"{HEADER}\n" + "".join(f"{n},,N,,,,\n" for n in range(250))
    first = sent(text, fake)
    calls = dict(fake.calls)
    assert len(calls) == 3
    assert sent(text, fake) == first
    assert fake.calls == calls


def test_batches_stay_below_what_a_call_may_weigh() -> None:
    heavy = [load.Line(n, {"external_id": str(n), "notes": ["ż" * 200_000]}) for n in range(5)]
    assert [len(batch) for batch in load.batches(heavy)] == [2, 2, 1]


def test_what_the_api_refuses_is_told_by_line_id_and_reason_alone(fake: FakeApi) -> None:
    how = changed(fields={"kind": {"constant": "robot"}, "given_name": "first_name"})
    report = sent(f"{HEADER}\n{ANNA}\n", fake, how)
    assert report.refusals == ["line 2 (1): /kind not_a_choice"]


@pytest.mark.parametrize("breakdowns", [[503], [0, 429, 0], [0] * 6])
def test_what_can_pass_is_tried_again(fake: FakeApi, breakdowns: list[int]) -> None:
    fake.sources["crm"] = {"id": "crm"}
    fake.breakdowns = [200, 200, *breakdowns]
    assert sent(f"{HEADER}\n{ANNA}\n", fake).accepted.total() == 1
    assert len(fake.slept) == len(breakdowns)


def test_a_batch_that_fails_for_good_is_told_and_the_next_one_goes_on(fake: FakeApi) -> None:
    fake.breakdowns = [200, 200, 413]
    report = sent(f"{HEADER}\n" + "".join(f"{n},,N,,,,\n" for n in range(150)), fake)
    assert report.failures == ["lines 2 to 101: 413: Broken"]
    assert (report.not_taken, report.accepted["created"]) == (100, 50)


@pytest.mark.parametrize(
    ("content", "breakdowns", "status", "expected"),
    [
        (f"\ufeff{HEADER}\n{ANNA}\n3,\n", [], 0, ["1 accepted (1 created)", "line 3 (no external"]),
        (f"{HEADER}\n{ANNA}\n", [200, 200, 400], 1, ["1 not taken", "again is safe"]),
        (f"{HEADER}\n{ANNA}\n", [0] * 99, 1, ["no answer from http://fake/api"]),
        ("nr\n1\n", [], 1, ["external_id: the file has no column 'id'"]),
        (f"{HEADER}\n1,,".encode() + b"\xb3", [], 1, ["can't decode byte"]),
    ],
)
def test_the_exit_status_says_whether_every_batch_was_taken(
    fake: FakeApi,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: str | bytes,
    breakdowns: list[int],
    status: int,
    expected: list[str],
) -> None:
    monkeypatch.setattr(Api, "local", fake.api)
    fake.breakdowns = breakdowns
    (tmp_path / "map.json").write_text(json.dumps(MAPPING))
    file = tmp_path / "people.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert load.main(str(file), "crm", str(tmp_path / "map.json")) == status
    said = capsys.readouterr().out
    assert all(text in said for text in expected), said
    assert "a@example.com" not in said


def test_the_summary_shows_only_the_first_refusals() -> None:
    report = load.Report()
    for number in range(30):
        report.refuse(load.Line(number), "external_id: empty")
    out = io.StringIO()
    load.show(report, Console(file=out))
    assert "30 refused" in out.getvalue()
    assert "and 10 more" in out.getvalue()


def test_the_example_loads_and_is_the_one_in_the_page(fake: FakeApi) -> None:
    docs = Path(__file__).parents[2] / "docs"
    example = json.loads((docs / "load.example.json").read_text(encoding="utf-8"))
    page = (docs / "load.md").read_text(encoding="utf-8")
    assert json.loads(page.partition("```json")[2].partition("```")[0]) == example
    report = sent((docs / "load.example.csv").read_text(encoding="utf-8"), fake, example)
    assert (report.accepted["created"], report.refused) == (2, 0)
