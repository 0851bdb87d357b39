"""A real CardDAV server: Radicale, with one user and one address book."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import httpx

from tests.support.ports import free_port

from .process import running

USER, PASSWORD = "alice", "secret"
_CONFIG = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
"""
_BOOK = """<mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><set><prop>
<resourcetype><collection/><C:addressbook/></resourcetype><displayname>Contacts</displayname>
</prop></set></mkcol>"""
_ETAGS = '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'


@dataclass(frozen=True)
class Radicale:
    """`url` is its root, `book` the address book's URL; `web` is logged in."""

    url: str
    book: str
    user: str
    password: str
    web: httpx.Client

    def put(self, uid: str, card: str) -> str:
        """Create or overwrite a card; its new etag."""
        return str(self._call("PUT", f"{uid}.vcf", card).headers["etag"])

    def read(self, uid: str) -> str:
        """A card as the server gives it."""
        return self._call("GET", f"{uid}.vcf").text

    def delete(self, uid: str) -> None:
        """Remove a card."""
        self._call("DELETE", f"{uid}.vcf")

    def cards(self) -> dict[str, str]:
        """The cards' etags by uid."""
        listed = ElementTree.fromstring(self._call("PROPFIND", "", _ETAGS).text)
        found = {r.findtext("{DAV:}href"): r for r in listed.iter("{DAV:}response")}
        return {
            Path(href).stem: str(response.findtext(".//{DAV:}getetag"))
            for href, response in found.items()
            if href and href.endswith(".vcf")
        }

    def _call(self, method: str, name: str, body: str = "") -> httpx.Response:
        headers = {"content-type": "text/vcard", "depth": "1"}
        called = self.web.request(method, self.book + name, content=body.encode(), headers=headers)
        return called.raise_for_status()


@contextmanager
def running_radicale(folder: Path) -> Iterator[Radicale]:
    """A server in an empty folder; its one address book is empty."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
    (folder / "config").write_text(_CONFIG.format(port=port, folder=folder))
    command = [sys.executable, "-m", "radicale", "--config", str(folder / "config")]
    with (
        httpx.Client(auth=(USER, PASSWORD), trust_env=False, timeout=30) as web,
        running(command, folder, lambda: _answers(web, url)),
    ):
        book = f"{url}/{USER}/contacts/"
        web.request("MKCOL", book, content=_BOOK).raise_for_status()
        yield Radicale(url, book, USER, PASSWORD, web)


def _answers(web: httpx.Client, url: str) -> bool:
    try:
        return web.request("PROPFIND", f"{url}/").status_code == 207
    except httpx.TransportError:
        return False
