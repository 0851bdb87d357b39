"""The rows by which a search finds a contact: (partition, sort) in the index table.

A row stands for one value that a term of the filter language reads from a contact. Every
row costs a write when it appears and one when it goes; a person with two name words, one
e-mail, phone, source and role, two tags, a birth date and a stage has 13.
A partition that many contacts share is split in 16 by a hash of the contact's id.
A row that goes is kept for ever in its partition's twin, `was=<partition>`: what has never
gone stands in the first, what was once and went stands in the second, what came back in both.
"""

import string
import zlib
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from chalicelib.domain.filtering.terms import TERMS

SHARDS = "0123456789abcdef"  # changing them, or `_shard`, means writing the whole index again
_SHARDED = frozenset({"tag", "role", "kind", "source", "stage", "interest"})
_PURCHASES = frozenset({"bought", "bought_within", "spent"})
_ROWLESS = _PURCHASES - {"bought"}  # found by the rows of `bought`
_HEAD = 3  # letters of a name word that make its partition
_LETTERS = ("", *string.ascii_lowercase, *string.digits)


class SearchKey(NamedTuple):
    """Part of the index: the rows of `partition` whose sort key begins with `prefix`.

    And does not stand before `start`.
    """

    partition: str
    prefix: str
    start: str = ""

    def holds(self, partition: str, sort: str) -> bool:
        """Whether this part has the row."""
        same = partition == self.partition and sort.startswith(self.prefix)
        return same and sort > self.start


EVERY = tuple(SearchKey(f"all=#{shard}", "") for shard in SHARDS)


def search_rows(contact_id: str, contact: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """All rows of one active golden contact; see `terms.Contact` for its shape."""
    known = {**contact, "id": contact_id}
    return frozenset(
        (_partition(term, value, _shard(contact_id)), _sort(term, value, contact_id))
        for term in TERMS.keys() - _ROWLESS
        for value in TERMS[term].of(known)
    )


def gone_rows(histories: Iterable[frozenset[tuple[str, str]]]) -> frozenset[tuple[str, str]]:
    """The rows to keep of those that a contact had in turn: all that went, in their twins."""
    steps = pairwise(histories)
    return frozenset((twin(pk), sk) for before, after in steps for pk, sk in before - after)


def twin(partition: str) -> str:
    """Where the rows of a partition are kept once they have gone."""
    return f"was={partition}"


def contact_of(sort: str) -> str:
    """The contact's id in a row's sort key."""
    return sort.rpartition("#")[2]


def keys_of(term: str, value: str) -> tuple[SearchKey, ...]:
    """Where the rows of all contacts stand that have the value under the term."""
    if term == "id":
        return (SearchKey(_partition(term, value, _shard(value)), value),)
    if term == "name":
        return _name_keys(value)
    if term in _PURCHASES:
        return _purchase_keys(term, value)
    if term == "related":
        kind, _, record = value.partition("/")
        return (related_to(record, kind),)
    shards = SHARDS if term in _SHARDED else SHARDS[:1]
    return tuple(SearchKey(_partition(term, value, shard), "") for shard in shards)


def _purchase_keys(term: str, value: str) -> tuple[SearchKey, ...]:
    """Who bought an item, from a day on; all who bought anything stand under the item ""."""
    day, _, item = value.partition("#") if term == "bought_within" else ("", "", value)
    item = "" if term == "spent" else item
    return tuple(SearchKey(f"bought={item}#{shard}", "", day) for shard in SHARDS)


def related_to(record: str, kind: str = "") -> SearchKey:
    """Where the contacts stand that are related to a record (`source/external_id`)."""
    return SearchKey(f"related={record}", f"{kind}#" if kind else "")


def kind_of(sort: str) -> str:
    """The kind of relation in the sort key of such a row."""
    return sort.partition("#")[0]


def _name_keys(beginning: str) -> tuple[SearchKey, ...]:
    """Two letters are answered from 37 small partitions; for one it is cheaper to read all."""
    if len(beginning) == 1:
        return EVERY
    endings = _LETTERS if len(beginning) < _HEAD else ("",)
    return tuple(
        SearchKey(_partition("name", beginning + ending, ""), beginning) for ending in endings
    )


def _partition(term: str, value: str, shard: str) -> str:
    if term == "id":
        return f"all=#{shard}"
    if term == "name":
        return f"name={value[:_HEAD]}"
    if term == "bought":
        return f"bought={value.partition('#')[2]}#{shard}"
    if term == "related":
        return related_to(value.partition("/")[2]).partition
    return f"{term}={value}#{shard}" if term in _SHARDED else f"{term}={value}"


def _sort(term: str, value: str, contact_id: str) -> str:
    if term == "bought":
        return f"{value.partition('#')[0]}#{contact_id}"
    if term == "related":
        return f"{value.partition('/')[0]}#{contact_id}"
    return f"{value}#{contact_id}" if term == "name" else contact_id


def _shard(contact_id: str) -> str:
    return SHARDS[zlib.crc32(contact_id.encode()) % len(SHARDS)]
