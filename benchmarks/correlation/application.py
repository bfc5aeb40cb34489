"""A made-up application, fixed by a seed, and sessions with it."""

from __future__ import annotations

from random import Random

import features_api
import features_forms
import features_frameworks
import features_rows
import features_texts
import features_traps
from made import Structure, noise
from session import Session, page

FEATURES_OF_ONE = 8
_STARTS = {"first": 1_705_480_000_000.0, "second": 1_705_913_000_000.0, "third": 1_706_200_000_000.0, "fourth": 1_707_000_000_000.0}


class Application:
    """Some features, one after the other, as one journey."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        structure = Structure(f"application {seed}")
        every = [*features_forms.FEATURES, *features_api.FEATURES, *features_traps.FEATURES, *features_texts.FEATURES]
        every += [*features_frameworks.FEATURES, *features_rows.FEATURES]
        chosen = structure.sample(every, FEATURES_OF_ONE)
        self.plays = [make(structure) for make in chosen]
        self.host = f"app{structure.randint(10, 99)}.example.com"

    def session(self, name: str) -> Session:
        """A session: everything that the server and the client make is new, what the user does is the same."""
        values = Random(f"session {self.seed} {name}")
        made = Session(values, self.host, _STARTS[name] + values.randint(0, 10_000_000))
        made.send("GET", "/home", page(noise(values), "Welcome"))
        for play in self.plays:
            made.pause()
            play(made)
        return made
