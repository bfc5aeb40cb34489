"""The part that each of several processes has in the load."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import os
from collections import Counter
from typing import Any

from gevent.event import AsyncResult
from locust import User, events
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner


class Shard:
    """This process's part: the users, arrivals and rows whose number, divided by how
    many processes there are, leaves its index.

    LOADWRIGHT_SHARD=2/3 is the second of three; Locust's workers have theirs by nature.
    """

    def __init__(self, text: str):
        number, _, count = text.partition("/")
        self.index, self.count = int(number) - 1, int(count)

    def own(self, total: int) -> range:
        """The numbers of this process among so many."""
        return range(self.index, total, self.count)


SHARD = Shard(os.environ.get("LOADWRIGHT_SHARD") or "1/1")
GIVEN: Counter[str] = Counter()
WANTED: dict[int, Any] = {}


def place(user: User) -> tuple[int, int]:
    """The number of a user among those of its class, and how many processes there are.

    A worker asks the master, which is the one who knows all users.
    """
    runner, name = user.environment.runner, type(user).__name__
    if not isinstance(runner, WorkerRunner):
        own = SHARD.own(SHARD.index + user.fixed_count * SHARD.count)
        GIVEN[name] += 1
        return own[(GIVEN[name] - 1) % len(own)], SHARD.count
    answer = WANTED[id(user)] = AsyncResult()
    runner.send_message("place?", {"name": name, "user": id(user)})
    number, SHARD.count = answer.get()
    SHARD.index = runner.worker_index
    return number % max(user.fixed_count, SHARD.count), SHARD.count


@events.init.add_listener
def share_places(environment: Environment, **_: Any) -> None:
    """Let the master answer its workers."""
    runner = environment.runner
    if isinstance(runner, MasterRunner):
        runner.register_message("place?", give_place)
    elif isinstance(runner, WorkerRunner):
        runner.register_message("place", take_place)


def give_place(environment: Environment, msg: Any, **_: Any) -> None:
    """Answer a worker that asks for the place of a user."""
    runner: Any = environment.runner
    name = msg.data["name"]
    answer = [GIVEN[name], runner.worker_count]
    GIVEN[name] += 1
    told = {"user": msg.data["user"], "place": answer}
    runner.send_message("place", told, msg.node_id)


def take_place(environment: Environment, msg: Any, **_: Any) -> None:
    """Take the answer of the master."""
    WANTED.pop(msg.data["user"]).set(msg.data["place"])
