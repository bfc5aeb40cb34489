"""Lists that are empty by nature at other times: what an application has to say, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable

from loadwright.compiler.recording.calls import words_of

_AT_TIMES = frozenset(
    (
        *("alert", "alerts", "announcement", "announcements", "banner", "banners", "conflict", "conflicts", "error", "errors"),
        *("exception", "exceptions", "failure", "failures", "flash", "flashes", "hint", "hints", "invitation", "invitations"),
        *("message", "messages", "news", "notice", "notices", "notification", "notifications", "pending", "problem", "problems"),
        *("reminder", "reminders", "suggestion", "suggestions", "toast", "toasts", "unread", "violation", "violations"),
        *("warning", "warnings"),
    )
)
"""Nobody asked for what these are the names of, so that recordings which have some say nothing of other times."""


def may_be_empty(names: Iterable[str]) -> bool:
    """Whether one of the names, or a word in it, is of such a list."""
    return any(not _AT_TIMES.isdisjoint(words_of(name)) for name in names)
