"""The package as it would go to AWS, made once, and its template as CloudFormation sees it."""

import json
from typing import Any

import boto3
import pytest
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from infra.package import Package, package

Template = dict[str, Any]
CODE = "s3://packages/deployment.zip"


@pytest.fixture(scope="session")
def packaged() -> Package:
    """The package of the stage prod."""
    return package("prod")


@pytest.fixture(scope="session")
def sam(packaged: Package) -> Template:
    """The packaged template, with the code where CloudFormation wants it: in S3."""
    template = packaged.template()
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = CODE
    return template


@pytest.fixture(scope="session")
def transformed(sam: Template) -> Template:
    """The template after AWS's own SAM transform."""
    translator = Translator({}, Parser(), None, boto3.Session(region_name="us-east-1"))
    translated: Template = translator.translate(json.loads(json.dumps(sam)), {})
    return translated
