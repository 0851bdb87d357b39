"""Put a package on the local cloud as a CloudFormation stack: made, updated or left alone.

What is deployed is noted in the cloud itself, after the last step: after a crash it may run
an older package than the last one deployed, or half of one.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from infra.local import repairs
from infra.local.cloud import STAGE, Cloud, CloudError
from infra.package import Package

STACK = f"kartoteka-{STAGE}"
BUCKET = f"kartoteka-{STAGE}-packages"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
BROKEN = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED")  # can only be deleted
NOTE = f"/kartoteka/{STAGE}/package"


def deploy(cloud: Cloud, package: Package) -> bool:
    """Deploy the package; False when it is what runs already."""
    ssm = cloud.client("ssm")
    with suppress(ssm.exceptions.ParameterNotFound):
        if ssm.get_parameter(Name=NOTE)["Parameter"]["Value"] == package.digest:
            return False
        ssm.delete_parameter(Name=NOTE)
    _put_stack(cloud, _upload(cloud, package))
    repairs.after(cloud, package.template(), api_id(cloud))
    ssm.put_parameter(Name=NOTE, Value=package.digest, Type="String")
    return True


def _put_stack(cloud: Cloud, template: str) -> None:
    """Make the stack or update it, and wait until it stands."""
    formation = cloud.client("cloudformation")
    stack = find(cloud)
    if stack and stack["StackStatus"] in BROKEN:
        formation.delete_stack(StackName=STACK)
        stack = None
    arguments = {
        "StackName": STACK,
        "TemplateURL": f"{cloud.endpoint}/{BUCKET}/{template}",
        "Capabilities": CAPABILITIES,
    }
    if stack is None:
        formation.create_stack(**arguments, RetainExceptOnCreate=True)
        _wait(cloud, "stack_create_complete")
        return
    try:
        formation.update_stack(**arguments)
    except ClientError as error:
        if "No updates" not in str(error):
            raise
    else:
        _wait(cloud, "stack_update_complete")


def find(cloud: Cloud) -> dict[str, Any] | None:
    """The stack's description, or None where there is none."""
    try:
        stacks = cloud.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    except ClientError:
        return None
    description: dict[str, Any] = stacks[0]
    return description


def api_id(cloud: Cloud) -> str:
    """The id of the API that runs; another one after each change of routes."""
    stack = find(cloud) or {}
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    return str(outputs["RestAPIId"])


def _upload(cloud: Cloud, package: Package) -> str:
    """Store zip and template in S3, each under the hash of its content; the template's key.

    Templates above 51,200 bytes cannot be passed as text.
    """
    s3 = cloud.client("s3")
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=BUCKET)
    code = f"{_content_digest(package)}.zip"
    s3.put_object(Bucket=BUCKET, Key=code, Body=package.zip.read_bytes())
    template = repairs.before(package.template())
    for function in repairs.of_type(template, "AWS::Serverless::Function").values():
        function["Properties"]["CodeUri"] = f"s3://{BUCKET}/{code}"
    text = json.dumps(template).encode()
    key = f"{hashlib.sha256(text).hexdigest()}.json"
    s3.put_object(Bucket=BUCKET, Key=key, Body=text)
    return key


def _content_digest(package: Package) -> str:
    """Hash what the zip holds, not the zip: an unchanged app gives an unchanged template."""
    with zipfile.ZipFile(package.zip) as archive:
        entries = sorted((entry.filename, entry.CRC) for entry in archive.infolist())
    return hashlib.sha256(repr(entries).encode()).hexdigest()


def _wait(cloud: Cloud, state: str) -> None:
    formation = cloud.client("cloudformation")
    try:
        formation.get_waiter(state).wait(
            StackName=STACK, WaiterConfig={"Delay": 0.2, "MaxAttempts": 600}
        )
    except WaiterError as error:
        reasons = "\n  ".join(_reasons(formation))
        raise CloudError(f"The stack could not be deployed:\n  {reasons}") from error


def _reasons(formation: Any) -> Iterator[str]:
    """Why resources failed, the newest first."""
    for page in formation.get_paginator("describe_stack_events").paginate(StackName=STACK):
        for event in page["StackEvents"]:
            if event["ResourceStatus"].endswith("FAILED"):
                yield f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
