"""Where a redirect leads: an application that gives up on a request sends its user to another page with the same status."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from loadwright.compiler.agents.expect.markers import Known, is_stable
from loadwright.compiler.agents.observe.answers.in_updates import led_by
from loadwright.compiler.agents.values import is_jumble, spoken_share
from loadwright.compiler.plan.model import TextExpectation
from loadwright.compiler.plan.template import template
from loadwright.compiler.recording.model import Entry, header

_WORD = re.compile(r"[A-Z]?[a-z]+(?:[_.-]?[A-Za-z][a-z]+){0,6}")
_SPOKEN = 0.5
"""The share of pairs of letters that words are made of; a third of those in random letters are."""
_SHORT = 4
"""Letters up to which pairs say nothing."""


def redirect_marker(entries: Sequence[Entry], known: Known) -> TextExpectation | None:
    """The longest run of words in the path that all of these answers lead to."""
    leads = [_target(entry) for entry in entries]
    name, paths = leads[0][0], [path for _, path in leads]
    if not all(paths) or any(said != name for said, _ in leads):
        return None
    runs = sorted(_runs_of_words(paths[0]), key=len, reverse=True)
    best = next((run for run in runs if is_stable(run, known) and all(run in path for path in paths)), None)
    if best is None:
        return None
    if any(best in urlsplit(entry.request.url).path for entry in entries):  # which a log-in page may be told: `?next=/notes`
        found = "^[^?#]*" + best.replace(".", r"\.")
        return TextExpectation(header=name, relation="matches", value=template(found))
    return TextExpectation(header=name, relation="contains", value=template(best))


def _runs_of_words(path: str) -> list[str]:
    """The parts of a path whose segments are words as a whole; what was drawn at random may have no digit."""
    runs = [""]
    for segment in path.split("/")[1:]:
        is_word = _WORD.fullmatch(segment) and not is_jumble(segment)
        is_word = is_word and (len(segment) <= _SHORT or spoken_share(segment) >= _SPOKEN)
        runs = [*runs[:-1], f"{runs[-1]}/{segment}"] if is_word else [*runs[:-1], runs[-1] and f"{runs[-1]}/", ""]
    return list(filter(None, runs))


def _target(entry: Entry) -> tuple[str, str]:
    """The header that tells where an answer leads, and the path in it, as it was sent; a script may be told so with any status."""
    location = header(entry.response.headers, "location") if 300 < entry.response.status < 400 else None
    told = ((name, led) for name, value in entry.response.headers if (led := led_by(name, value)))
    name, led = ("Location", location) if location else next(told, ("", ""))
    try:
        return name, urlsplit(led).path
    except ValueError:  # no address at all
        return "", ""
