"""What CardDAV clients may rely on in Radicale, said in requests of our own."""

from xml.etree import ElementTree

import httpx
import pytest

from .radicale import Radicale

INVALID = "http://radicale.org/ns/sync/nothing"


def card(uid: str, name: str) -> str:
    return (
        "BEGIN:VCARD\r\nVERSION:3.0\r\n"
        f"UID:{uid}\r\nFN:{name}\r\nN:{name};;;;\r\nX-OURS;X-KEPT=yes:as it was\r\nEND:VCARD\r\n"
    )


def synced(radicale: Radicale, token: str = "") -> httpx.Response:
    body = (
        f'<sync-collection xmlns="DAV:"><sync-token>{token}</sync-token>'
        "<sync-level>1</sync-level><prop><getetag/></prop></sync-collection>"
    )
    return radicale.web.request("REPORT", radicale.book, content=body)


def changes(radicale: Radicale, token: str = "") -> tuple[dict[str, str], str]:
    """What a sync tells, by uid: an etag or the status of what is gone; and the next token."""
    told = ElementTree.fromstring(synced(radicale, token).text)
    named = {
        str(one.findtext("{DAV:}href")).rpartition("/")[2].removesuffix(".vcf"): str(
            one.findtext(".//{DAV:}getetag") or one.findtext("{DAV:}status")
        )
        for one in told.iter("{DAV:}response")
    }
    return named, str(told.findtext("{DAV:}sync-token"))


def test_a_card_is_made_read_overwritten_and_removed_and_keeps_what_is_unknown(
    radicale: Radicale,
) -> None:
    first = radicale.put("jan", card("jan", "Jan"))
    assert radicale.cards()["jan"] == first
    assert "X-OURS;X-KEPT=yes:as it was" in radicale.read("jan")
    second = radicale.put("jan", card("jan", "Johann"))
    assert second != first and "FN:Johann" in radicale.read("jan")
    radicale.delete("jan")
    assert "jan" not in radicale.cards()
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        radicale.read("jan")


def test_a_sync_token_tells_the_changed_the_new_and_the_gone_and_nothing_else(
    radicale: Radicale,
) -> None:
    for uid in ("stays", "moves", "goes"):
        radicale.put(uid, card(uid, uid))
    before, token = changes(radicale)
    assert {"stays", "moves", "goes"} <= before.keys()
    moved = radicale.put("moves", card("moves", "Moved"))
    made = radicale.put("comes", card("comes", "New"))
    radicale.delete("goes")
    told, later = changes(radicale, token)
    assert told == {"moves": moved, "comes": made, "goes": "HTTP/1.1 404 Not Found"}
    assert changes(radicale, later) == ({}, later)


def test_a_token_that_the_server_does_not_know_is_refused_by_name(radicale: Radicale) -> None:
    refused = synced(radicale, INVALID)
    assert refused.status_code == 403 and "valid-sync-token" in refused.text


@pytest.mark.parametrize(
    ("condition", "status"),
    [({"if-none-match": "*"}, 412), ({"if-match": '"stale"'}, 412), ({"if-match": ""}, 204)],
)
def test_a_condition_guards_what_is_stored(
    radicale: Radicale, condition: dict[str, str], status: int
) -> None:
    etag = radicale.put("guarded", card("guarded", "Guarded"))
    headers = {name: value or etag for name, value in condition.items()}
    url = f"{radicale.book}guarded.vcf"
    answered = radicale.web.put(url, content=card("guarded", "Later"), headers=headers)
    assert answered.status_code == status
    assert (radicale.cards()["guarded"] == etag) == (status == 412)


def test_many_cards_are_read_at_once(radicale: Radicale) -> None:
    names = [f"many-{n}" for n in range(3)]
    for name in names:
        radicale.put(name, card(name, name))
    hrefs = "".join(f"<D:href>/alice/contacts/{name}.vcf</D:href>" for name in [*names, "none"])
    body = (
        '<C:addressbook-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">'
        f"<D:prop><D:getetag/><C:address-data/></D:prop>{hrefs}</C:addressbook-multiget>"
    )
    told = radicale.web.request("REPORT", radicale.book, content=body).text
    assert all(f"FN:{name}" in told for name in names) and "404" in told


def test_the_book_is_found_from_the_well_known_address(radicale: Radicale) -> None:
    moved = radicale.web.request("PROPFIND", f"{radicale.url}/.well-known/carddav")
    assert moved.status_code == 301
    body = '<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>'
    root = radicale.web.request("PROPFIND", f"{radicale.url}/", content=body)
    assert "/alice/" in root.text


def test_a_wrong_password_is_refused(radicale: Radicale) -> None:
    with httpx.Client(auth=(radicale.user, "wrong"), trust_env=False) as stranger:
        assert stranger.request("PROPFIND", radicale.book).status_code == 401
