"""Kicks that SQS refuses, throttled secrets, and names that only SSM itself refuses."""

import logging
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from chalicelib.domain.errors import BusyError
from chalicelib.queues.sqs import SqsQueues
from chalicelib.secrets.memory import MemorySecrets
from chalicelib.secrets.ssm import SsmSecrets


def client(service: str) -> tuple[Any, Stubber]:
    made = boto3.Session("test", "test", region_name="us-east-1").client(service)
    answers = Stubber(made)
    answers.activate()
    return made, answers


def sent(*numbers: str) -> list[dict[str, str]]:
    return [{"Id": number, "MessageId": number, "MD5OfMessageBody": ""} for number in numbers]


def refused(number: str) -> dict[str, Any]:
    return {"Id": number, "SenderFault": False, "Code": "InternalError"}


def test_what_a_batch_refuses_is_sent_once_more(caplog: pytest.LogCaptureFixture) -> None:
    sqs, answers = client("sqs")
    answers.add_response("send_message_batch", {"Successful": sent("0"), "Failed": [refused("1")]})
    answers.add_response(
        "send_message_batch",
        {"Successful": sent("1"), "Failed": []},
        {"QueueUrl": "https://q", "Entries": [{"Id": "1", "MessageBody": "b"}]},
    )
    SqsQueues(sqs, {"match": "https://q"}).send("match", ["a", "b"])
    answers.assert_no_pending_responses()
    assert caplog.records == []


def test_a_kick_refused_twice_is_logged_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sqs, answers = client("sqs")
    for _ in range(2):
        answers.add_response("send_message_batch", {"Successful": [], "Failed": [refused("0")]})
    SqsQueues(sqs, {"match": "https://q"}).send("match", ["contact-id"])
    assert [record.getMessage() for record in caplog.records] == ["kicks lost: 1 on match, refused"]


def test_a_failing_call_loses_its_batch_only(caplog: pytest.LogCaptureFixture) -> None:
    sqs, answers = client("sqs")
    answers.add_client_error("send_message_batch", "ServiceUnavailable")
    answers.add_response("send_message_batch", {"Successful": sent("0"), "Failed": []})
    with caplog.at_level(logging.WARNING):
        SqsQueues(sqs, {"match": "https://q"}).send("match", ["a"] * 11)
    answers.assert_no_pending_responses()
    assert [record.getMessage() for record in caplog.records] == [
        "kicks lost: 10 on match, ServiceUnavailable"
    ]


def test_an_unknown_depth_holds_up_no_kick(caplog: pytest.LogCaptureFixture) -> None:
    sqs, answers = client("sqs")
    answers.add_client_error("get_queue_attributes", "RequestThrottled")
    assert SqsQueues(sqs, {"match": "https://q"}).depth("match") == 0
    assert [record.getMessage() for record in caplog.records] == [
        "depth of match unknown, RequestThrottled"
    ]


def test_a_depth_counts_what_is_at_work() -> None:
    sqs, answers = client("sqs")
    counts = {"ApproximateNumberOfMessages": "2", "ApproximateNumberOfMessagesNotVisible": "1"}
    answers.add_response("get_queue_attributes", {"Attributes": counts})
    assert SqsQueues(sqs, {"match": "https://q"}).depth("match") == 3


def test_throttled_secrets_are_busy_and_other_errors_are_raised() -> None:
    ssm, answers = client("ssm")
    secrets = SsmSecrets(ssm, "test")
    answers.add_client_error("get_parameter", "ThrottlingException")
    answers.add_client_error("get_parameter", "AccessDeniedException")
    with pytest.raises(BusyError):
        secrets.read("id-key")
    with pytest.raises(ClientError):
        secrets.read("id-key")


def test_secrets_stand_encrypted_under_their_stage() -> None:
    ssm, answers = client("ssm")
    expected = {
        "Name": "/kartoteka/test/sources/crm",
        "Value": "v",
        "Type": "SecureString",
        "Overwrite": True,
    }
    answers.add_response("put_parameter", {"Version": 1}, expected)
    SsmSecrets(ssm, "test").write("sources/crm", "v")


@pytest.mark.parametrize(
    ("name", "value"),
    [("", "v"), ("a b", "v"), ("ł", "v"), ("/a", "v"), ("a", ""), ("a", "x" * 4097)],
)
def test_names_and_values_that_ssm_refuses_are_refused_in_memory(name: str, value: str) -> None:
    with pytest.raises(ValueError, match="not allowed"):
        MemorySecrets().write(name, value)
