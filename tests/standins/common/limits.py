"""Rate limits, counted on the clock that is handed in."""

from collections import deque
from datetime import datetime, time, timedelta


class Rolling:
    """So much in any `span`."""

    def __init__(self, limit: int, span: timedelta) -> None:
        self.limit, self.span = limit, span
        self._spent: deque[tuple[datetime, int]] = deque()

    def left(self, now: datetime) -> int:
        """What can still be spent."""
        while self._spent and self._spent[0][0] + self.span <= now:
            self._spent.popleft()
        return self.limit - sum(cost for _, cost in self._spent)

    def take(self, now: datetime, cost: int = 1) -> bool:
        """Spend it, or say that there is not enough."""
        if self.left(now) < cost:
            return False
        self._spent.append((now, cost))
        return True

    def reset(self, now: datetime) -> timedelta:
        """Until all that is spent now has come back."""
        return self._spent[-1][0] + self.span - now if self.left(now) < self.limit else timedelta()


class Daily:
    """So much from midnight to midnight."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._day = datetime.min.date()
        self._spent = 0

    def left(self, now: datetime) -> int:
        """What can still be spent."""
        return self.limit - (self._spent if self._day == now.date() else 0)

    def take(self, now: datetime, cost: int = 1) -> bool:
        """Spend it, or say that there is not enough."""
        if self.left(now) < cost:
            return False
        if self._day != now.date():
            self._day, self._spent = now.date(), 0
        self._spent += cost
        return True

    def reset(self, now: datetime) -> timedelta:
        """Until midnight."""
        tomorrow = now.date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), now.tzinfo) - now
