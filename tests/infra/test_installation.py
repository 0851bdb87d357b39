"""What is made once for an installation: its keys, and the admin keys."""

import base64
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import boto3
import pytest
from moto import mock_aws

from infra import admin_key, installation
from infra.installation import InstallationError, ensure


class Account(NamedTuple):
    """The parts of an account that an installation touches."""

    ssm: Any
    registry: Any

    def key(self, name: str) -> str:
        value: str = self.ssm.get_parameter(
            Name=f"/kartoteka/prod/keys/{name}", WithDecryption=True
        )["Parameter"]["Value"]
        return value

    def ensure(self) -> None:
        ensure("prod", self.ssm, self.registry)


@pytest.fixture
def account() -> Iterator[Account]:
    with mock_aws():
        key = {"AttributeName": "pk", "KeyType": "HASH"}
        registry = boto3.resource("dynamodb").create_table(
            TableName="kartoteka-prod-registry",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")
            ],
            KeySchema=[key, {"AttributeName": "sk", "KeyType": "RANGE"}],
        )
        yield Account(boto3.client("ssm"), registry)


def test_three_keys_of_32_random_bytes_are_made(account: Account) -> None:
    account.ensure()
    keys = [base64.b64decode(account.key(name)) for name in installation.KEYS]
    assert [len(key) for key in keys] == [32, 32, 32]
    assert len(set(keys)) == 3


def test_the_keys_are_secure_strings(account: Account) -> None:
    account.ensure()
    for name in installation.KEYS:
        found = account.ssm.get_parameter(Name=f"/kartoteka/prod/keys/{name}")
        assert found["Parameter"]["Type"] == "SecureString"


def test_keys_that_stand_are_never_replaced(account: Account) -> None:
    account.ensure()
    before = [account.key(name) for name in installation.KEYS]
    account.ensure()
    assert [account.key(name) for name in installation.KEYS] == before


def test_the_fingerprint_of_the_id_key_stands_with_the_tables(account: Account) -> None:
    account.ensure()
    row = account.registry.get_item(Key={"pk": "installation", "sk": "id-key"})["Item"]
    expected = installation.fingerprint(base64.b64decode(account.key("id")))
    assert row["fingerprint"] == expected
    assert re.fullmatch("[0-9a-f]{16}", expected)


def test_another_id_key_than_that_of_the_tables_is_refused(account: Account) -> None:
    account.ensure()
    other = base64.b64encode(bytes(32)).decode()
    account.ssm.put_parameter(
        Name="/kartoteka/prod/keys/id", Value=other, Type="SecureString", Overwrite=True
    )
    with pytest.raises(InstallationError, match="is another one"):
        account.ensure()


def test_a_lost_id_key_is_not_made_anew_under_old_tables(account: Account) -> None:
    account.ensure()
    account.ssm.delete_parameter(Name="/kartoteka/prod/keys/id")
    with pytest.raises(InstallationError, match="is missing"):
        account.ensure()
    with pytest.raises(account.ssm.exceptions.ParameterNotFound):
        account.key("id")


def test_an_admin_key_is_43_url_safe_characters_after_its_prefix() -> None:
    assert re.fullmatch("kk_[A-Za-z0-9_-]{43}", admin_key.make())
    assert admin_key.make() != admin_key.make()


def test_an_admin_key_is_stored_as_a_hash_alone(account: Account) -> None:
    key = admin_key.make()
    assert not admin_key.registered(account.registry, key)
    admin_key.register(account.registry, key, "anna")
    assert admin_key.registered(account.registry, key)
    (row,) = account.registry.scan()["Items"]
    assert (row["pk"], row["sk"], row["name"]) == ("key", admin_key.digest(key), "anna")
    assert key not in str(row)
