"""What every error looks like: RFC 9457, of one shape, telling nothing of input and inside."""

from typing import Any

import httpx

CANARY = "Kanareka Żółcińska"
MEMBERS = {"type", "title", "status", "detail", "instance", "errors", "judgements", "current"}
INSIDE = (
    *("kartoteka-local", "arn:", "whsec_", "traceback", ".py", "pydantic", "chalice"),
    *("dynamodb", "exception", "lambda", "botocore", "/work", "/tmp"),
)


def check_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """Assert that an answer is such a problem; returns it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:kartoteka:problem:")
    assert problem["instance"].startswith("urn:kartoteka:req:")
    assert problem["title"]
    assert set(problem) <= MEMBERS
    errors = problem.get("errors", [])
    assert len(errors) <= 20
    assert all(set(error) == {"pointer", "code", "detail"} for error in errors)
    check_silent(answer.text)
    return problem


def check_silent(text: str) -> None:
    """Assert that a text holds neither the canary nor anything from inside the app."""
    lower = text.lower()
    told = [word for word in (*CANARY.lower().split(), *INSIDE) if word in lower]
    assert not told, f"{told} in {text}"
