"""The secret port's contract."""

import pytest

from chalicelib.secrets.ports import SecretExists, Secrets


def test_nothing_stands_under_a_new_name(secrets: Secrets) -> None:
    assert secrets.read("id-key") is None


def test_a_secret_comes_back_as_written(secrets: Secrets) -> None:
    secrets.write("sources/crm", '{"whsec": "Zażółć"}')
    secrets.write("sources/shop", "other")
    assert secrets.read("sources/crm") == '{"whsec": "Zażółć"}'


def test_a_secret_is_replaced(secrets: Secrets) -> None:
    secrets.write("sources/crm", "old")
    secrets.write("sources/crm", "new")
    assert secrets.read("sources/crm") == "new"


def test_what_is_written_once_is_not_replaced(secrets: Secrets) -> None:
    secrets.write("id-key", "first", once=True)
    with pytest.raises(SecretExists):
        secrets.write("id-key", "second", once=True)
    assert secrets.read("id-key") == "first"


def test_a_deleted_secret_is_gone_and_may_be_deleted_again(secrets: Secrets) -> None:
    secrets.write("sources/crm", "value")
    secrets.delete("sources/crm")
    secrets.delete("sources/crm")
    assert secrets.read("sources/crm") is None
    secrets.write("sources/crm", "again", once=True)
