"""Laws 1, 2, 6 and 7 through long random lives; see `life.py` for what may happen in them."""

from tests.laws.life import Life
from tests.laws.sizes import sized

TestLife = Life.TestCase
TestLife.settings = sized(70, 5000)
