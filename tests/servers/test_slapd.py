"""What a directory's clients may rely on in slapd."""

import re

import pytest
from ldap3 import LEVEL, Connection
from ldap3 import Server as Address
from ldap3.core.exceptions import LDAPObjectClassViolationResult

from .slapd import Directory

pytestmark = pytest.mark.where_obtainable

_SYNC_REQUEST = "1.3.6.1.4.1.4203.1.9.1.1"
_SYNC_DONE = "1.3.6.1.4.1.4203.1.9.1.3"
_REFRESH_ONLY = b"\x0a\x01\x01"
_COOKIE = re.compile(rb"rid=\d+,csn=[0-9.]+Z#\w+#\w+#\w+")


def refreshed(slapd: Directory, cookie: bytes = b"") -> tuple[set[str], bytes]:
    """RFC 4533's refresh: the names that it gives, and the next cookie: the same if none is told.

    The control's value is written by hand: ldap3 has no words for it.
    """
    asked = _REFRESH_ONLY + (b"\x04" + bytes([len(cookie)]) + cookie if cookie else b"")
    control = (_SYNC_REQUEST, True, b"\x30" + bytes([len(asked)]) + asked)
    people = "(objectClass=inetOrgPerson)"
    slapd.bound.search(slapd.people, people, LEVEL, "NEVER", ["cn"], controls=[control])
    changed = [entry for entry in slapd.bound.response if entry.get("attributes")]  # not "present"
    names = {entry["attributes"]["cn"][0] for entry in changed}
    told = _COOKIE.search(slapd.bound.result["controls"][_SYNC_DONE]["value"])
    return names, told.group() if told else cookie


def test_a_person_is_added_read_changed_and_removed(slapd: Directory) -> None:
    slapd.put("Jan Novák", sn="Novák", mail=["jan@example.org", "novak@example.org"])
    first = slapd.entries()["Jan Novák"]
    assert first["mail"] == ["jan@example.org", "novak@example.org"]
    slapd.edit("Jan Novák", mail="jan@example.com", title="rybář")
    second = slapd.entries()["Jan Novák"]
    assert (second["mail"], second["title"]) == (["jan@example.com"], ["rybář"])
    assert second["entryUUID"] == first["entryUUID"]
    assert second["entryCSN"] > first["entryCSN"]
    slapd.edit("Jan Novák", mail=[])
    assert "mail" not in slapd.entries()["Jan Novák"]
    slapd.delete("Jan Novák")
    assert "Jan Novák" not in slapd.entries()


def test_entry_csn_tells_what_is_new_or_changed_and_not_what_is_gone(slapd: Directory) -> None:
    for cn in ("stays", "moves", "goes"):
        slapd.put(cn, sn=cn)
    since = max(entry["entryCSN"] for entry in slapd.entries().values())
    slapd.edit("moves", title="moved")
    slapd.put("comes", sn="comes")
    slapd.delete("goes")
    told = slapd.entries(f"(entryCSN>={since})")
    assert told.keys() == {"moves", "comes"}
    assert {"stays", "moves", "comes"} <= slapd.entries("(modifyTimestamp>=20000101000000Z)").keys()


def test_a_cookie_brings_what_changed_since(slapd: Directory) -> None:
    slapd.put("still", sn="still")
    slapd.put("stirred", sn="stirred")
    everybody, cookie = refreshed(slapd)
    assert {"still", "stirred"} <= everybody
    slapd.edit("stirred", title="stirred")
    told, later = refreshed(slapd, cookie)
    assert told == {"stirred"} and later > cookie
    assert refreshed(slapd, later)[0] == set()


def test_people_come_in_pages(slapd: Directory) -> None:
    names = {f"page {n}" for n in range(5)}
    for name in names:
        slapd.put(name, sn="paged")
    pages = slapd.bound.extend.standard.paged_search(
        slapd.people, "(sn=paged)", attributes=["cn"], paged_size=2
    )
    assert {entry["attributes"]["cn"][0] for entry in pages} == names


def test_a_person_without_a_surname_is_refused(slapd: Directory) -> None:
    with pytest.raises(LDAPObjectClassViolationResult):
        slapd.put("nobody", mail="nobody@example.org")


def test_a_wrong_password_is_refused(slapd: Directory) -> None:
    stranger = Connection(Address(slapd.url), slapd.user, "wrong")
    assert not stranger.bind()
    assert stranger.result["description"] == "invalidCredentials"
    stranger.unbind()
