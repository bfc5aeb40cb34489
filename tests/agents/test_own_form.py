"""Several forms of a page with the same token: it is taken from the one that is sent."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.model import CssSource

TOKEN = "ur1x4EvqNy9BwuYPhINaOCPm1RQ8jQ6r"
FIELD = f"<input type=hidden name=csrf value={TOKEN}>"
PAGE = f"<form id=basket action=/basket/add/>{FIELD}</form><form id=review>{FIELD}<textarea name=text></textarea></form>"


@pytest.mark.parametrize(
    ("path", "form"), [("/product/review/", "review"), ("/basket/add/", "basket"), ("/api/remember/", "basket")]
)
def test_a_token_is_taken_from_the_form_that_is_sent(path: str, form: str) -> None:
    """A form without an action is sent to its page; what no form is sent to takes the first."""
    session = Session().add("GET", "/product/review/", html=PAGE)
    result = imported(session.add("POST", path, body=f"csrf={TOKEN}&text=Fine", html="<h1>Thanks</h1>"))
    assert proved(result)
    (capture,) = sent(result, 0).captures
    assert capture.source == CssSource(selector=f"form#{form} input[name=csrf]", attribute="value")
