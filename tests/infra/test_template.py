"""What the template must hold, on the packaged one and on what CloudFormation sees.

Chalice's merge is blind: a misspelt name makes a new resource, silently.
"""

import inspect
from typing import Any

import pytest

from chalicelib.domain.delivering import LEASE
from chalicelib.domain.rates import MOST_AT_ONCE
from chalicelib.flow import changes, sweep
from chalicelib.flow.checking import fsck
from chalicelib.flow.conflicting import weigh
from tests.connectors.test_slow_systems import LISTENS, TIMEOUT

Template = dict[str, Any]
WORKERS = {"Match": "match", "FanOut": "fan-out", "Deliver": "deliver", "WorkJobs": "jobs"}
FUNCTIONS = {*WORKERS, "APIHandler", "FanOutSweep", "Sweep", "Listen", "FsckSample"}
TABLES = {"contacts", "versions", "index", "changes", "deliveries", "registry"}


def of_type(template: Template, kind: str) -> dict[str, Any]:
    """The properties of all resources of one type, by logical id."""
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def name(value: Any) -> str:
    """A name with its stage, as the stage prod reads it."""
    return str(value["Fn::Sub"]).replace("${Stage}", "prod")


def test_the_functions_are_those_of_the_app_and_each_has_code(sam: Template) -> None:
    functions = of_type(sam, "AWS::Serverless::Function")
    assert set(functions) == FUNCTIONS
    assert all(function.get("Handler") for function in functions.values())


def test_every_resource_has_a_type(sam: Template) -> None:
    assert all("Type" in resource for resource in sam["Resources"].values())


def test_every_queue_trigger_reports_partial_batches(transformed: Template) -> None:
    triggers = of_type(transformed, "AWS::Lambda::EventSourceMapping")
    assert len(triggers) == len(WORKERS)
    for trigger in triggers.values():
        assert trigger["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_every_queue_trigger_is_of_its_own_queue_and_capped(transformed: Template) -> None:
    triggers = of_type(transformed, "AWS::Lambda::EventSourceMapping")
    queues = {t["FunctionName"]["Ref"]: t["EventSourceArn"]["Fn::Sub"] for t in triggers.values()}
    for function, queue in WORKERS.items():
        assert queues[function].endswith(f":kartoteka-prod-{queue}")
    assert all(2 <= t["ScalingConfig"]["MaximumConcurrency"] <= 50 for t in triggers.values())


def test_two_targets_with_all_their_calls_at_once_leave_room_for_the_others(
    transformed: Template,
) -> None:
    triggers = of_type(transformed, "AWS::Lambda::EventSourceMapping").values()
    (deliver,) = (t for t in triggers if t["FunctionName"]["Ref"] == "Deliver")
    assert deliver["ScalingConfig"]["MaximumConcurrency"] > 2 * MOST_AT_ONCE


@pytest.mark.parametrize(("function", "queue"), WORKERS.items())
def test_a_message_stays_hidden_six_times_as_long_as_its_worker_may_run(
    sam: Template, function: str, queue: str
) -> None:
    timeout = sam["Resources"][function]["Properties"]["Timeout"]
    queues = {name(made["QueueName"]): made for made in of_type(sam, "AWS::SQS::Queue").values()}
    assert queues[f"kartoteka-prod-{queue}"]["VisibilityTimeout"] >= 6 * timeout


def test_a_lease_outlives_its_sender(sam: Template) -> None:
    timeouts = {n: sam["Resources"][n]["Properties"]["Timeout"] for n in ("Deliver", "Listen")}
    assert timeouts == {n: s.seconds for n, s in {"Deliver": TIMEOUT, "Listen": LISTENS}.items()}
    assert TIMEOUT < LEASE


@pytest.mark.parametrize("queue", WORKERS.values())
def test_a_message_that_fails_five_times_is_kept_two_weeks_in_the_dead_letter_queue(
    sam: Template, queue: str
) -> None:
    queues = of_type(sam, "AWS::SQS::Queue")
    (made,) = (q for q in queues.values() if name(q["QueueName"]) == f"kartoteka-prod-{queue}")
    assert made["RedrivePolicy"]["maxReceiveCount"] == 5
    dead = queues[made["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]]
    assert name(dead["QueueName"]) == f"kartoteka-prod-{queue}-dead"
    assert dead["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_queues_are_encrypted(sam: Template) -> None:
    queues = of_type(sam, "AWS::SQS::Queue")
    assert len(queues) == 2 * len(WORKERS)
    assert all(queue["SqsManagedSseEnabled"] is True for queue in queues.values())


def test_tables_are_encrypted_with_our_key_recoverable_and_kept(sam: Template) -> None:
    tables = of_type(sam, "AWS::DynamoDB::Table")
    assert {name(table["TableName"]) for table in tables.values()} == {
        f"kartoteka-prod-{table}" for table in TABLES
    }
    for logical, table in tables.items():
        assert table["SSESpecification"]["KMSMasterKeyId"] == {"Fn::GetAtt": ["DataKey", "Arn"]}
        assert table["SSESpecification"]["SSEEnabled"] is True
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["DeletionProtectionEnabled"] is True
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert sam["Resources"][logical]["DeletionPolicy"] == "Retain"
        assert sam["Resources"][logical]["UpdateReplacePolicy"] == "Retain"


def test_the_key_of_the_tables_is_rotated_and_kept(sam: Template) -> None:
    key = sam["Resources"]["DataKey"]
    assert key["Properties"]["EnableKeyRotation"] is True
    assert key["DeletionPolicy"] == key["UpdateReplacePolicy"] == "Retain"


def test_contacts_and_deliveries_have_the_sparse_index_of_what_is_due(sam: Template) -> None:
    tables = of_type(sam, "AWS::DynamoDB::Table").values()
    found = {name(t["TableName"]): t.get("GlobalSecondaryIndexes", []) for t in tables}
    with_index = {table for table, indexes in found.items() if indexes}
    assert with_index == {"kartoteka-prod-contacts", "kartoteka-prod-deliveries"}
    for table in with_index:
        (index,) = found[table]
        assert index["IndexName"] == "due"
        assert [key["AttributeName"] for key in index["KeySchema"]] == ["lane", "due"]
        assert index["Projection"] == {"ProjectionType": "ALL"}


@pytest.mark.parametrize("metric", ["Errors", "ApproximateNumberOfMessagesVisible"])
def test_every_function_and_dead_letter_queue_has_an_alarm(sam: Template, metric: str) -> None:
    alarms = of_type(sam, "AWS::CloudWatch::Alarm").values()
    watched = [a["Dimensions"][0]["Value"] for a in alarms if a["MetricName"] == metric]
    dead = [
        {"Fn::GetAtt": [f"{q}Dead", "QueueName"]} for q in ("Match", "FanOut", "Deliver", "Jobs")
    ]
    functions = [{"Ref": function} for function in FUNCTIONS]
    expected = functions if metric == "Errors" else dead
    assert sorted(map(str, watched)) == sorted(map(str, expected))


def test_alarms_tell_the_topic_at_the_first_occurrence(sam: Template) -> None:
    alarms = of_type(sam, "AWS::CloudWatch::Alarm")
    assert "ParkedChangesAlarm" in alarms
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]
        assert (alarm["Threshold"], alarm["EvaluationPeriods"]) == (0, 1)


@pytest.mark.parametrize(
    ("alarm", "told_by", "logs"),
    [
        ("ParkedChangesAlarm", changes, {"MatchLogs", "FanOutLogs", "FanOutSweepLogs"}),
        ("FsckFaultsAlarm", fsck, {"FsckSampleLogs"}),
        ("HeldTargetsAlarm", sweep.held, {"SweepLogs"}),
        ("FlippingFieldsAlarm", weigh.raised, {"ListenLogs"}),
    ],
)
def test_an_alarm_listens_to_what_the_app_logs(
    sam: Template, alarm: str, told_by: Any, logs: set[str]
) -> None:
    properties = sam["Resources"][alarm]["Properties"]
    name = properties["MetricName"]
    filters = [
        made
        for made in of_type(sam, "AWS::Logs::MetricFilter").values()
        if made["MetricTransformations"][0]["MetricName"] == name
    ]
    assert {made["LogGroupName"]["Ref"] for made in filters} == logs
    for made in filters:
        (metric,) = made["MetricTransformations"]
        assert metric["MetricNamespace"] == properties["Namespace"]
        assert made["FilterPattern"].strip('"') in inspect.getsource(told_by)


def test_logs_end(sam: Template) -> None:
    groups = of_type(sam, "AWS::Logs::LogGroup").values()
    functions = of_type(sam, "AWS::Serverless::Function").values()
    named = {f"/aws/lambda/{name(function['FunctionName'])}" for function in functions}
    assert {name(group["LogGroupName"]) for group in groups} == named
    assert all(group["RetentionInDays"] <= 90 for group in groups)


def test_the_gateways_own_answers_are_problems(transformed: Template) -> None:
    body = transformed["Resources"]["RestAPI"]["Properties"]["Body"]
    answers = body["x-amazon-apigateway-gateway-responses"]
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "MISSING_AUTHENTICATION_TOKEN"} <= set(answers)
    assert answers["MISSING_AUTHENTICATION_TOKEN"]["statusCode"] == "404"
    for answer in answers.values():
        headers = answer["responseParameters"]
        assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
        assert "urn:kartoteka:problem:" in answer["responseTemplates"]["application/json"]


def test_only_the_local_stage_may_call_loopback(sam: Template) -> None:
    for function in of_type(sam, "AWS::Serverless::Function").values():
        assert function["Environment"]["Variables"] == {"KARTOTEKA_STAGE": "prod"}


def test_a_package_cannot_be_deployed_as_another_stage(sam: Template) -> None:
    assert sam["Parameters"]["Stage"]["AllowedValues"] == ["prod"]
    assert sam["Parameters"]["Stage"]["Default"] == "prod"


def test_nothing_is_used_that_the_local_cloud_would_drop(sam: Template) -> None:
    paths = sam["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    assert not [path for path, methods in paths.items() if "options" in methods]
    functions = of_type(sam, "AWS::Serverless::Function").values()
    assert not [f for f in functions if "ReservedConcurrentExecutions" in f]
