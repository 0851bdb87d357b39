"""What the emulator drops from the template, put back. AWS needs none of this.

Only what the template uses is repaired: were CORS or reserved concurrency to come, they
would need a repair too, and a test in tests/infra says so.
"""

from collections.abc import Mapping
from typing import Any

from infra.local.cloud import STAGE, Cloud

DOMAIN = "kartoteka.localhost"
WORKERS = 2  # the fewest that AWS knows, too
Template = dict[str, Any]


def before(template: Template) -> Template:
    """Repair what is passed to each stack call.

    Binary types are named where the emulator looks; else it answers base64 text. It asks
    for a permission of its own for batches, which on AWS is a part of `sqs:SendMessage`.
    """
    api = template["Resources"]["RestAPI"]["Properties"]
    types = api["DefinitionBody"]["x-amazon-apigateway-binary-media-types"]
    api["BinaryMediaTypes"] = [kind.replace("/", "~1") for kind in types]
    for role in of_type(template, "AWS::IAM::Role").values():
        for statement in role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]:
            if "sqs:SendMessage" in statement["Action"]:
                statement["Action"].append("sqs:SendMessageBatch")
    for function in of_type(template, "AWS::Serverless::Function").values():
        _spare(function["Properties"].get("Events", {}))
    return template


def _spare(events: Mapping[str, Any]) -> None:
    """Few workers for each queue: each is a process here, with an unpacked package of its own."""
    for event in events.values():
        if "ScalingConfig" in event["Properties"]:
            event["Properties"]["ScalingConfig"] = {"MaximumConcurrency": WORKERS}


def after(cloud: Cloud, template: Template, api_id: str) -> None:
    """Repair what stands after each stack call."""
    for table in of_type(template, "AWS::DynamoDB::Table").values():
        _set_table_options(cloud, table["Properties"])
    _set_gateway_responses(cloud, template, api_id)
    _set_domain(cloud, api_id)


def of_type(template: Template, kind: str) -> dict[str, Any]:
    """The template's resources of one type, by their logical ids."""
    resources: Mapping[str, Any] = template["Resources"]
    return {name: made for name, made in resources.items() if made["Type"] == kind}


def _set_table_options(cloud: Cloud, properties: Mapping[str, Any]) -> None:
    """Point-in-time recovery is ignored in a template."""
    dynamodb = cloud.client("dynamodb")
    name = properties["TableName"]["Fn::Sub"].replace("${Stage}", STAGE)
    dynamodb.update_continuous_backups(
        TableName=name,
        PointInTimeRecoverySpecification=properties["PointInTimeRecoverySpecification"],
    )


def _set_gateway_responses(cloud: Cloud, template: Template, api_id: str) -> None:
    """The API's own answers are ignored in a definition, and need a deployment to count."""
    gateway = cloud.client("apigateway")
    api = template["Resources"]["RestAPI"]["Properties"]
    for kind, response in api["GatewayResponses"].items():
        headers = response["ResponseParameters"]["Headers"]
        status = {"statusCode": str(response["StatusCode"])} if "StatusCode" in response else {}
        gateway.put_gateway_response(
            restApiId=api_id,
            responseType=kind,
            responseParameters={f"gatewayresponse.header.{k}": v for k, v in headers.items()},
            responseTemplates=response["ResponseTemplates"],
            **status,
        )
    gateway.create_deployment(restApiId=api_id, stageName=api["StageName"])


def _set_domain(cloud: Cloud, api_id: str) -> None:
    """Give browsers and curl an address that outlives the API's id."""
    gateway = cloud.client("apigateway")
    domains = gateway.get_domain_names()["items"]
    if DOMAIN not in [domain["domainName"] for domain in domains]:
        gateway.create_domain_name(domainName=DOMAIN, regionalCertificateArn="arn:aws:acm:local")
    for mapping in gateway.get_base_path_mappings(domainName=DOMAIN)["items"]:
        gateway.delete_base_path_mapping(domainName=DOMAIN, basePath=mapping["basePath"])
    gateway.create_base_path_mapping(domainName=DOMAIN, restApiId=api_id, stage="api")
