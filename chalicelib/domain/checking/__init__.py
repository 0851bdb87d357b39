"""Checking: what is wrong with what stands, as data. Pure.

A check is a function from what stands to faults; a new kind of row is one more check in a
list. Faults name ids and counts, never values.
"""

from chalicelib.domain.checking.contacts import contact_faults
from chalicelib.domain.checking.faults import LOST, Fault, fault_view
from chalicelib.domain.checking.index import index_faults, timeless
from chalicelib.domain.checking.judgements import decision_faults
from chalicelib.domain.checking.records import fold, told_unheard
from chalicelib.domain.checking.standing import Standing
from chalicelib.domain.checking.telling import told_faults, waiting_faults
from chalicelib.domain.checking.whereabouts import Spot, Told, spot_of

__all__ = [
    "LOST",
    "Fault",
    "Spot",
    "Standing",
    "Told",
    "contact_faults",
    "decision_faults",
    "fault_view",
    "fold",
    "index_faults",
    "spot_of",
    "timeless",
    "told_faults",
    "told_unheard",
    "waiting_faults",
]
