"""One least-privilege policy for each function."""

import ast
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.graph import Head
from chalicelib.domain.settle import Why, absorb
from chalicelib.domain.versions import Cause
from chalicelib.store.contacts import step_writes
from chalicelib.store.ports import Absent, Put

Template = dict[str, Any]
Statement = dict[str, Any]
VERSIONS = {"Fn::GetAtt": ["VersionsTable", "Arn"]}
CODE = Path(__file__).parents[2] / "chalicelib"
READ = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan"}
READ_AND_ADD = {*READ, "dynamodb:PutItem"}


def roles(template: Template) -> dict[str, Any]:
    """The functions' roles, by logical id."""
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
    }


def statements(template: Template) -> Iterator[Statement]:
    """Every statement of every role."""
    for role in roles(template).values():
        for policy in role["Policies"]:
            yield from policy["PolicyDocument"]["Statement"]


def listed(value: Any) -> list[Any]:
    """IAM allows one in place of a list of one."""
    return value if isinstance(value, list) else [value]


def touching(template: Template, resource: Any) -> Iterator[tuple[str, set[str]]]:
    """Which role may do what to a resource."""
    for name, role in roles(template).items():
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                if resource in listed(statement["Resource"]):
                    yield name, set(listed(statement["Action"]))


def test_each_function_has_a_role_of_its_own(transformed: Template) -> None:
    functions = [
        resource["Properties"]["Role"]["Fn::GetAtt"][0]
        for resource in transformed["Resources"].values()
        if resource["Type"] == "AWS::Lambda::Function"
    ]
    assert sorted(functions) == sorted(roles(transformed))
    assert len(set(functions)) == len(functions) == 9


def test_no_role_has_a_managed_policy_or_an_empty_one(transformed: Template) -> None:
    for role in roles(transformed).values():
        assert "ManagedPolicyArns" not in role
        assert all(policy["PolicyDocument"]["Statement"] for policy in role["Policies"])


def test_no_statement_is_about_everything(transformed: Template) -> None:
    for statement in statements(transformed):
        assert statement["Effect"] == "Allow"
        assert not {"NotAction", "NotResource"} & set(statement)
        for resource in listed(statement["Resource"]):
            assert resource != "*"
            assert "Fn::GetAtt" in resource or "*" not in str(resource).removesuffix("/*'}")


def test_no_action_has_a_wildcard(transformed: Template) -> None:
    for statement in statements(transformed):
        assert not [action for action in listed(statement["Action"]) if "*" in action]


def test_no_role_can_delete_or_change_a_version(transformed: Template) -> None:
    found = list(touching(transformed, VERSIONS))
    assert found
    for role, actions in found:
        assert actions <= READ_AND_ADD, role


def test_no_code_writes_a_version_where_one_stands() -> None:
    """No policy can tell a new item from one that is written over: so the condition does."""
    why = Why(Cause(type="merge", by="somebody"), "b", datetime(2026, 11, 21, tzinfo=UTC))
    writes = step_writes(absorb(Head(id="c"), "d", why))
    (version,) = [write for write in writes if write.key.table == "versions"]
    assert isinstance(version, Put)
    assert version.condition == Absent()
    assert list(writers_of_versions()) == ["step_writes"]


def writers_of_versions() -> Iterator[str]:
    """The functions that name both a version's key and a way to write."""
    for path in CODE.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                named = {ast.unparse(node) for node in ast.walk(function)}
                if "keys.version" in named and named & {"Put", "Set", "Delete"}:
                    yield function.name


def test_only_the_outbox_and_the_index_can_lose_rows(transformed: Template) -> None:
    for table in ("Contacts", "Versions", "Deliveries", "Registry"):
        for role, actions in touching(transformed, {"Fn::GetAtt": [f"{table}Table", "Arn"]}):
            assert "dynamodb:DeleteItem" not in actions, role


def test_the_daily_check_writes_nothing(transformed: Template) -> None:
    policies = roles(transformed)["FsckSampleRole"]["Policies"]
    actions = {
        action
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        for action in listed(statement["Action"])
        if action.startswith(("dynamodb:", "sqs:", "ssm:Put"))
    }
    assert actions == READ


def test_only_checks_read_whole_tables(transformed: Template) -> None:
    for table in ("Contacts", "Versions", "Index", "Changes", "Deliveries", "Registry"):
        for role, actions in touching(transformed, {"Fn::GetAtt": [f"{table}Table", "Arn"]}):
            assert "dynamodb:Scan" not in actions or role in ("FsckSampleRole", "WorkJobsRole")


def test_each_worker_polls_its_own_queue_alone(transformed: Template) -> None:
    pollers = {
        queue: [
            role
            for role, actions in touching(transformed, {"Fn::GetAtt": [f"{queue}Queue", "Arn"]})
            if "sqs:ReceiveMessage" in actions and "sqs:DeleteMessage" in actions
        ]
        for queue in ("Match", "FanOut", "Deliver", "Jobs")
    }
    assert pollers == {
        "Match": ["MatchRole"],
        "FanOut": ["FanOutRole"],
        "Deliver": ["DeliverRole"],
        "Jobs": ["WorkJobsRole"],
    }


def test_no_role_can_write_the_installations_keys(transformed: Template) -> None:
    for statement in statements(transformed):
        if "ssm:PutParameter" in listed(statement["Action"]):
            written = json.dumps(statement["Resource"])
            assert "/sources/*" in written and "/keys/" not in written
            assert "${Stage}/*" not in written


@pytest.mark.parametrize("action", ["logs:CreateLogStream", "logs:PutLogEvents"])
def test_every_role_can_write_its_log(transformed: Template, action: str) -> None:
    able = [s for s in statements(transformed) if action in listed(s["Action"])]
    assert len(able) == len(roles(transformed))


def test_every_role_that_touches_tables_can_use_their_key(transformed: Template) -> None:
    able = dict(touching(transformed, {"Fn::GetAtt": ["DataKey", "Arn"]}))
    assert set(able) == set(roles(transformed))
    assert all("kms:Decrypt" in actions for actions in able.values())
