"""Rows of data files."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING, Any

from loadwright.backends.locust.runtime.chance import SEED, RandomNumbers
from loadwright.backends.locust.runtime.extraction import json_text, parse_json
from loadwright.backends.locust.runtime.reports import OutOfRows
from loadwright.backends.locust.runtime.settings import HERE, read_file
from loadwright.backends.locust.runtime.workers import SHARD

if TYPE_CHECKING:
    from loadwright.backends.locust.runtime.users import JourneyUser

Row = dict[str, str]


def csv_rows(path: str) -> list[Row]:
    """The rows of a CSV file beside this one."""
    with open(HERE / path, encoding="utf-8-sig", newline="") as file:
        return [*csv.DictReader(file, restval="")]


def json_rows(path: str) -> list[Row]:
    """The objects of a JSON file beside this one."""
    objects = parse_json(read_file(path).decode("utf-8-sig"))
    return [{name: json_text(value) for name, value in row.items()} for row in objects]


def shuffled_rows(name: str, rows: list[Row]) -> list[Row]:
    """The rows in an order that is the same for the same seed."""
    return RandomNumbers(f"{SEED}:data:{name}").shuffled(rows)


class Rows:
    """Rows that all users of this process take one after the other."""

    def __init__(self, name: str, rows: list[Row], *, recycle: bool = True):
        self.name = name
        self.rows = rows
        self.recycle = recycle
        self.taken = 0

    def next(self, user: JourneyUser) -> Row:
        """The row of an iteration that starts."""
        number, self.taken = self.taken, self.taken + 1
        own = SHARD.own(len(self.rows))
        if own and self.recycle:
            number %= len(own)
        return self.row(own[number] if number < len(own) else -1)

    def row(self, number: int) -> Row:
        """A row by its number; where there is none, the user ends."""
        if self.rows and self.recycle:
            number %= len(self.rows)
        if not 0 <= number < len(self.rows):
            raise OutOfRows
        return self.rows[number]


class RandomRows(Rows):
    """Rows of which each iteration draws one."""

    def next(self, user: JourneyUser) -> Row:
        """A row by chance."""
        last = len(self.rows) - 1
        return self.row(user.random.integer(0, last) if self.rows else 0)


class RowsOfUser(Rows):
    """Rows that each user goes through on its own."""

    def next(self, user: JourneyUser) -> Row:
        """The user's next row."""
        number = user.row_numbers[self.name]
        user.row_numbers[self.name] += 1
        return self.row(number)


class RowOfUser(Rows):
    """Rows of which each user has one for itself."""

    def next(self, user: JourneyUser) -> Row:
        """The user's row."""
        return self.row(user.number)


class RowOfUserAmong(Rows):
    """Rows of which each user of several journeys has one for itself."""

    def __init__(
        self, name: str, rows: list[Row], *journeys: str, recycle: bool = True
    ):
        super().__init__(name, rows, recycle=recycle)
        self.journeys = journeys

    def next(self, user: JourneyUser) -> Row:
        """The user's row."""
        base: Any = type(user).__base__
        classes: list[type[JourneyUser]] = base.__subclasses__()
        sharing = [each for each in classes if each.journey_name in self.journeys]
        place = sharing.index(type(user))
        if any(
            each.abstract for each in sharing
        ):  # its users are arrivals, without end
            return self.row(user.number * len(sharing) + place)
        before = sum(math.ceil(each.line.highest) for each in sharing[:place])
        return self.row(before + user.number)
