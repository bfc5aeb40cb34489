"""Pages that say in a heading, or in a text that is marked so, that something failed."""

from __future__ import annotations

import pytest
from error_messages import SAYING, SILENT

from loadwright.compiler.plan.soft_failure import ERROR_HEADING, ERROR_MESSAGE, MARKED, soft_failure
from loadwright.compiler.portable import regex_problem


@pytest.mark.parametrize("page", SAYING)
def test_a_page_that_says_that_something_failed_is_a_soft_failure(page: str) -> None:
    assert soft_failure(200, "text/html", page) == "error message"
    assert soft_failure(200, "text/html", f"<html><body>{'x' * 5000}\n{page}</body></html>") == "error message"
    assert soft_failure(200, "text/plain", page) is None
    assert soft_failure(200, "text/html", page, ("error message",)) is None


@pytest.mark.parametrize("page", SILENT)
def test_a_mark_without_a_message_is_none(page: str) -> None:
    assert soft_failure(200, "text/html", page) is None


def test_what_says_an_error_is_portable_and_its_plain_texts_always_in_it() -> None:
    assert regex_problem(ERROR_MESSAGE) is None
    assert regex_problem(ERROR_HEADING) is None
    assert all(any(mark in page for mark in MARKED) or page.startswith("<h") for page in SAYING)
