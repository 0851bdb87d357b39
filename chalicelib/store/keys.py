"""Every key pattern of every table, in one place.

contacts    R#<record>    HEAD | S#<stamp>          evidence and its statements
            R#<record>    O#<place> | I#<place>     its interactions: orders, all others
            I#<name>      HEAD | W#<stamp>          where an interaction stands; words on it
            C#<contact>   HEAD                      heads, stubs
            J#<judgement> HEAD                      judgements; lanes `review`, `postponed`,
                                                    `answered`
            B#<batch>     HEAD | <n> | J#[<turn>#]<judgement>
                                                    batches, in lane `batch#<who>`; what each did
            Q#<source>    HEAD | <n>#<part>         the line of a paused source's calls
            T#<job>       HEAD                      jobs; in lane `job` while open
            T#<job>       F#<n> | C#<n> | O#<n>     findings, contacts in one, what became of one
            T#<job>       J#<record>#<judgement>    judgements that a check gathered for a record
versions    <contact>     V#<number>                the golden contacts, immutable
index       <kind>=<value>[#<shard>]   <owner>      match keys -> records, search keys -> contacts
            was=<kind>=<value>[#<shard>]  <owner>   search keys that went, kept for ever
            list=<owner>  match | search            what is indexed now for an owner
changes     <lane>#<shard>  <contact>#<rev>         the outbox
deliveries  <target>      <contact>                 what each target has; lane <target> while due,
                                                    <target>#bulk where a backfill marked it
            <target>#remote  <digest of a remote id>  whose it is there
            <target>#pace    HEAD                   how it goes with it: rate, calls, failures
            <target>#guard  tally                   what it was told lately, counted
            <target>#heard   CURSOR | SUBSCRIPTION | <digest of a remote id>
                                                    how far it was polled; how its calls are
                                                    subscribed to; what it says has changed
                                                    there, and what it said of consent, in
                                                    lane <target>#heard
            <target>#asked  <contact>#<name>        conflicts with both values, in lane
                                                    <target>#open or #answered
            <target>#list#<list>  <contact>         what holds of a contact on a list
            <target>#pushes#<list>  <time>#<job>    when it was pushed
            <target>#told#<list>  <time>#<contact>  what the target was told of it when
registry    <type>        <id>                      sources, targets, keys, models, installation
"""

import zlib

from chalicelib.domain.model import digest
from chalicelib.store.ports import Key

SHARDS = 16
MATCH, FAN_OUT = "match", "fan-out"
FINDINGS, OUTCOMES = "F#", "O#"
WORDS = "W#"
REVIEWS, POSTPONED, ANSWERED = "review", "postponed", "answered"


def record(record_id: str) -> Key:
    return Key("contacts", f"R#{record_id}", "HEAD")


def statement(record_id: str, stamp: str) -> Key:
    return Key("contacts", f"R#{record_id}", f"S#{stamp}")


def interaction(record_id: str, place: str) -> Key:
    return Key("contacts", f"R#{record_id}", place)


def whereabouts(name: str) -> Key:
    return Key("contacts", f"I#{name}", "HEAD")


def heard(name: str, stamp: str) -> Key:
    return Key("contacts", f"I#{name}", f"{WORDS}{stamp}")


def head(contact_id: str) -> Key:
    return Key("contacts", f"C#{contact_id}", "HEAD")


def judgement(judgement_id: str) -> Key:
    return Key("contacts", f"J#{judgement_id}", "HEAD")


def batch(batch_id: str) -> Key:
    return Key("contacts", f"B#{batch_id}", "HEAD")


def batches_of(actor: str) -> str:
    """The lane of the batches that somebody made."""
    return f"batch#{actor}"


def effect(batch: str, position: int) -> Key:
    return Key("contacts", f"B#{batch}", f"{position:06d}")


def judged(batch: str, judgement_id: str, turn: str = "") -> Key:
    return Key("contacts", f"B#{batch}", f"J#{turn}{judgement_id}")


def line(source_id: str) -> Key:
    return Key("contacts", f"Q#{source_id}", "HEAD")


def kept(source_id: str, number: int, part: int) -> Key:
    return Key("contacts", f"Q#{source_id}", f"{number:010d}#{part}")


def job(job_id: str) -> Key:
    return Key("contacts", f"T#{job_id}", "HEAD")


def finding(job_id: str, name: str) -> Key:
    return Key("contacts", f"T#{job_id}", f"{FINDINGS}{name}")


def claim(job_id: str, contact_id: str) -> Key:
    return Key("contacts", f"T#{job_id}", f"C#{contact_id}")


def outcome(job_id: str, finding: str) -> Key:
    return Key("contacts", f"T#{job_id}", f"{OUTCOMES}{finding}")


def gathered(job_id: str, record_id: str, judgement_id: str = "") -> Key:
    return Key("contacts", f"T#{job_id}", f"J#{record_id}#{judgement_id}")


def version(contact_id: str, number: int) -> Key:
    return Key("versions", contact_id, f"V#{number:010d}")


def index(partition: str, sort: str) -> Key:
    return Key("index", partition, sort)


def index_list(owner: str, kind: str) -> Key:
    return Key("index", f"list={owner}", kind)


def change(lane: str, contact_id: str, rev: int) -> Key:
    return Key("changes", lane_shard(lane, contact_id), f"{contact_id}#{rev:010d}")


def lane_shard(lane: str, contact_id: str) -> str:
    return f"{lane}#{zlib.crc32(contact_id.encode()) % SHARDS}"


def lane_shards(lane: str) -> list[str]:
    return [f"{lane}#{shard}" for shard in range(SHARDS)]


def delivery(target: str, contact_id: str) -> Key:
    return Key("deliveries", target, contact_id)


def remote(target: str, name: str) -> Key:
    """Hashed: the id that a system gives may be an e-mail address."""
    return Key("deliveries", remotes(target), digest(name))


def remotes(target: str) -> str:
    """Where it stands whose the contacts of a system are."""
    return f"{target}#remote"


def pace(target: str) -> Key:
    return Key("deliveries", f"{target}#pace", "HEAD")


def due_lanes(target: str) -> tuple[str, str]:
    """The lanes of what is due there: of changes as they come, and of backfills."""
    return target, f"{target}#bulk"


def tally(target: str) -> Key:
    return Key("deliveries", f"{target}#guard", "tally")


def cursor(partner: str) -> Key:
    return Key("deliveries", f"{partner}#heard", "CURSOR")


def subscription(partner: str) -> Key:
    return Key("deliveries", f"{partner}#heard", "SUBSCRIPTION")


def notice(partner: str, name: str) -> Key:
    return Key("deliveries", f"{partner}#heard", digest(name))


def noticed(partner: str) -> str:
    """The lane of what a partner says has changed there."""
    return f"{partner}#heard"


def conflict(target: str, contact_id: str, name: str) -> Key:
    """Under the contact, so that an erasure finds the values."""
    return Key("deliveries", f"{target}#asked", f"{contact_id}#{name}")


def conflicts(target: str, state: str) -> str:
    """The lane of a target's conflicts that are open, or that were answered."""
    return f"{target}#{state}"


def listed(target: str, name: str, contact_id: str = "") -> Key:
    return Key("deliveries", f"{target}#list#{name}", contact_id)


def pushed(target: str, name: str, at: str = "", job_id: str = "") -> Key:
    return Key("deliveries", f"{target}#pushes#{name}", f"{at}#{job_id}")


def list_told(target: str, name: str, at: str = "", contact_id: str = "") -> Key:
    return Key("deliveries", f"{target}#told#{name}", f"{at}#{contact_id}")


def lists_of(target: str) -> str:
    """The type under which the lists of a target are registered."""
    return f"lists#{target}"


def registered(kind: str, name: str) -> Key:
    return Key("registry", kind, name)
