"""A whole Kartoteka tells a real ERP of a contact's life: it has each person once, and up to date."""

from typing import Any

import pytest

from chalicelib.connectors.http import HttpSender
from chalicelib.flow.editing import retire
from chalicelib.flow.editing.edit import edit
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from chalicelib.flow.telling import accounts
from tests.servers.tryton import DATABASE, Tryton
from tests.support.scenes import born
from tests.support.world import World
