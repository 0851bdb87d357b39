"""Target URLs: the narrow grammar, the public addresses, and the one loosening."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidError
from chalicelib.domain.urls import MAX_URL, check_address, check_target_url


def code_of(url: str, *, allow_loopback: bool = False) -> str:
    with pytest.raises(InvalidError) as caught:
        check_target_url(url, allow_loopback=allow_loopback)
    (error,) = caught.value.errors
    assert (caught.value.status, error.pointer) == (422, "/url")
    return error.code


PUBLIC = [
    "https://crm.example.com",
    "https://crm.example.com/",
    "https://crm.example.com:443/in?source=kartoteka&list=1/2",
    "HTTPS://CRM.Example.COM/In",
    "https://a-b.c1.xn--kartoteka-x0a.pl/za%C5%BC%C3%B3%C5%82%C4%87/@me:1;v=2",
    "https://example.xn--p1ai?x",
    "https://8.8.8.8/in",
    "https://[2606:4700:4700::1111]/in",
    "https://example.com/?keyword=a&design=b&monkey=c",
    "https://example.com/" + "a" * (MAX_URL - 20),
]


@pytest.mark.parametrize("allow_loopback", [False, True])
@pytest.mark.parametrize("url", PUBLIC)
def test_a_public_https_url_is_allowed(url: str, allow_loopback: bool) -> None:
    check_target_url(url, allow_loopback=allow_loopback)


REFUSED = {
    # Rows 69, 70, 71, 74, 75, 77 and 79 of the table of bad input, and their neighbours.
    "scheme": "http://example.com/ http://127.0.0.1/ http://localhost:8000/",
    "host": f"""
        https://localhost https://localhost. https://LOCALHOST/ https://a.localhost https://127.1
        https://0 https://2130706433 https://0x7f.1 https://0x7f000001 https://017700000001
        https://0177.0.0.1 https://127.0.0.01 https://127.0.0.1. https://256.1.1.1 https://a.0xf
        https://1.2.3.4.5 https://example.com. https://intranet https://printer.local https://a..b.pl
        https://metadata.google.internal https://.example.com https://-a.pl https://a-.pl
        https://{"a" * 64}.pl https://{"a." * 126}pl""",
    "address": """
        https://127.0.0.1 https://0.0.0.0 https://10.0.0.1 https://172.31.255.255/ https://224.0.0.1
        https://192.168.1.1 https://169.254.169.254/latest https://100.64.0.1 https://198.51.100.7
        https://255.255.255.255 https://[::1] https://[::] https://[::ffff:169.254.169.254]
        https://[::ffff:8.8.8.8] https://[64:ff9b::a9fe:a9fe] https://[fd00:ec2::254]
        https://[fe80::1] https://[2002:7f00:1::] https://[ff02::1] https://[::7f00:1]
        https://[::1.2.3.4] https://[:::]/ https://[1:2]""",
    "malformed": """
        https://[fe80::1%25eth0] https://[fe80::1%eth0] https://[:: https://[1.2.3.4] https://[abc.de]
        https://[] https://::1 https://[example.com] https://good.com@127.0.0.1/
        https://127.0.0.1#@good.com https://good.com\\@evil.com https://good.com\\.evil.com
        //evil.com https:evil.com https:/evil.com https:///evil.com https:// https://? example.com
        https://ｌｏｃａｌｈｏｓｔ https://①②⑦.⓪.⓪.① https://żółw.pl https://example。com
        httpſ://example.com https://example.com/ż https://a%2eb.pl https://exa_mple.com
        https://example.com/% https://example.com/%zz https://example.com/# https://example.com/#top
        https://user:password@example.com https://user@example.com https://@example.com
        https://example.com: https://example.com:0443 https://example.com:443:443
        https://example.com:99999 file:///etc/passwd gopher://example.com ftp://example.com
        data:text/plain,x javascript:alert(1) unix:/run/x wss://example.com""",
    "port": "https://example.com:80 https://example.com:8443/ https://8.8.8.8:22",
    "too_long": "https://example.com/" + "a" * (MAX_URL - 19),
    "secret": """
        https://example.com/?token=x https://example.com/in?a=1&API_KEY=x https://a.pl?key=x
        https://example.com/?access_token=x https://example.com/?client-secret=x
        https://example.com/?sig=x https://example.com/?x-auth=1&b""",
}
WITH_SPACES = ["", " https://example.com", "https://example.com ", "https://example.com/a b"] + [
    *("https://ex\tample.com", "https://example.com/\n", "https://example.com/\r\nHost: x"),
    *("https://example.com\x00.pl", "https://example.com\x1f", "https://example.com/\x7f"),
]
CASES = [(code, url) for code, urls in REFUSED.items() for url in urls.split()]
CASES += [("malformed", url) for url in WITH_SPACES]


@pytest.mark.parametrize(("code", "url"), CASES)
def test_any_other_url_is_refused_and_says_why(code: str, url: str) -> None:
    assert code_of(url) == code


LOCAL = "http://127.0.0.1:8000/crm http://127.9.9.9 http://[::1]:1/ http://localhost:65535"


@pytest.mark.parametrize("url", f"{LOCAL} http://LocalHost/x?y=1 https://localhost:8443/".split())
def test_the_local_cloud_lets_loopback_through_on_any_port(url: str) -> None:
    check_target_url(url, allow_loopback=True)
    code_of(url)


def reaches_loopback(url: str) -> bool:
    host = url.partition("://")[2].lower().split("/")[0].split(":")[0].split("?")[0]
    return host in {"localhost", "127.0.0.1"} or url == "https://[::1]"


@pytest.mark.parametrize(("code", "url"), [case for case in CASES if not reaches_loopback(case[1])])
def test_the_local_cloud_loosens_nothing_else(code: str, url: str) -> None:
    assert code_of(url, allow_loopback=True) == code


BEYOND_LOOPBACK = """
    http://u:p@localhost/ http://[localhost]/ http://localhost:65536/ http://localhost/#x
    ftp://localhost/ http://localhost./ http://a.localhost/ http://127.1/ http://0.0.0.0/
    http://[::ffff:127.0.0.1]/ http://[127.0.0.1]/ http://localhost/?token=x http://10.0.0.1/"""


@pytest.mark.parametrize("url", BEYOND_LOOPBACK.split())
def test_a_loopback_url_obeys_the_grammar_too(url: str) -> None:
    code_of(url, allow_loopback=True)


PRIVATE = """
    0.0.0.0 10.1.2.3 100.127.255.255 127.0.0.1 169.254.169.254 172.16.0.1 192.0.0.8 192.0.2.1
    192.88.99.1 192.168.0.1 198.19.0.1 203.0.113.5 224.0.0.1 239.255.255.250 240.0.0.1
    255.255.255.255 :: ::1 ::7f00:1 ::ffff:8.8.8.8 64:ff9b::808:808 64:ff9b:1::1 100::1 fc00::1
    fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2001::1 2001:db8::1 2002:a00:1:: 3fff::1
    4000::1 2606:4700::1%eth0 127.1 0x7f.0.0.1 example.com 10 """


@pytest.mark.parametrize("ip", PRIVATE.split())
def test_an_address_that_is_not_public_is_refused(ip: str) -> None:
    with pytest.raises(InvalidError):
        check_address(ip, allow_loopback=False)


@pytest.mark.parametrize("ip", ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1", "2a00::1"])
def test_a_public_address_is_allowed(ip: str) -> None:
    check_address(ip, allow_loopback=False)


@pytest.mark.parametrize("ip", PRIVATE.split())
def test_only_loopback_addresses_are_let_through_on_the_local_cloud(ip: str) -> None:
    if ip in {"127.0.0.1", "::1"}:
        check_address(ip, allow_loopback=True)
    else:
        with pytest.raises(InvalidError):
            check_address(ip, allow_loopback=True)


ADDRESSES = st.ip_addresses() | st.integers(0, 2**32 - 1).map(IPv4Address)


@given(ADDRESSES | st.integers(2**125, 2**126 - 1).map(IPv6Address))
def test_what_is_allowed_is_global_and_can_be_the_host_of_a_url(
    address: IPv4Address | IPv6Address,
) -> None:
    url = f"https://{address if address.version == 4 else f'[{address}]'}/"
    try:
        check_address(str(address), allow_loopback=False)
    except InvalidError:
        assert code_of(url) == "address"
    else:
        assert ip_address(str(address)).is_global and not address.is_multicast
        check_target_url(url, allow_loopback=False)


@given(st.text(max_size=40), st.sampled_from(["", "https://", "https://a.pl/", "https://a.pl?"]))
def test_any_text_is_allowed_or_refused_never_anything_else(text: str, start: str) -> None:
    try:
        check_target_url(start + text, allow_loopback=True)
    except InvalidError as error:
        assert error.status == 422
    else:
        assert (start + text).isascii() and (start + text).isprintable()


def test_a_refusal_does_not_quote_the_url() -> None:
    with pytest.raises(InvalidError) as caught:
        check_target_url("https://u:canary@example.com", allow_loopback=False)
    assert "canary" not in f"{caught.value} {caught.value.errors}"
