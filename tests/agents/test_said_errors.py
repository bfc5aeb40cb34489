"""Pages that say in their own layout that what was asked was not done."""

from __future__ import annotations

import pytest
from failing import found
from recordings import Session

PAGE = "<html><title>Corner shop</title><nav>Home</nav><main>{}</main></html>"
FORM = '<form method="post" action="/orders">{}<input name="amount"><button>Order</button></form>'
REFUSED = '<ul class="errorlist"><li>This field is required.</li></ul>'


def shown(content: str) -> list[tuple[int, str]]:
    session = Session().add("GET", "/", html=PAGE.format("<h1>Welcome</h1>")).add("GET", "/a", html=PAGE.format("<h1>Bread</h1>"))
    return found(session.add("GET", "/orders/7", html=PAGE.format(content)))


@pytest.mark.parametrize(
    "content",
    [
        "<h2>Not found</h2><p>The page doesn't exist.</p>",
        "<h1>403 Forbidden</h1>",
        "<h2>An error occurred</h2>",
        "<h1>Zugriff verweigert!</h1>",
        "<h1>Sessione scaduta</h1>",
        "<h1>ページが見つかりません。</h1>",
        '<p id="errorExplanation">You are not authorized to access this page.</p>',
        '<h1>Orders</h1><div class="alert alert-danger" role="alert">The order could not be saved.</div>',
        '<div class="ui negative message"><p>Permission denied.</p></div>',
        '<div class="govuk-error-summary"><p>The order could not be sent.</p></div>',
        '<div class="flash error">You do not have permission to do that.</div>',
    ],
)
def test_a_page_that_says_that_it_is_an_error(content: str) -> None:
    assert shown(content) == [(2, "error message")]


@pytest.mark.parametrize(
    "content",
    [
        "<h1>Not found in the cellar</h1>",
        "<h2>Error reports</h2>",
        "<h1>Fehler</h1>",
        "<h1>Page introuvable : un roman</h1>",
        '<div class="error" style="display: none">The order could not be saved.</div>',
        '<div class="hide-if-js"><p class="error-message">An error occurred. Please try again.</p></div>',
        '<div class="error" id="e"><p>An error occurred.</p><p hidden>Later</p></div>',
        '<template><h2>Error</h2></template><div class="modal"><h2>Error</h2></div>',
        '<td class="error">The job could not be started, access denied</td>',
        '<div class="error-free">Access denied never again</div>',
        '<div class="alert alert-danger">This cannot be undone.</div>',
        FORM.format(REFUSED),
    ],
)
def test_what_only_looks_like_one(content: str) -> None:
    assert shown(content) == []


def test_what_stands_on_most_pages_is_their_layout() -> None:
    session = Session()
    for path in ("/", "/a", "/b"):
        session.add("GET", path, html=PAGE.format('<p class="error">An error occurred.</p>'))
    assert found(session) == []


def test_a_form_that_comes_again_with_what_is_wrong() -> None:
    session = Session().add("GET", "/orders/new", html=PAGE.format(FORM.format("")))
    session.add("POST", "/orders", body="amount=", html=PAGE.format(FORM.format(REFUSED))).add(
        "GET", "/", html=PAGE.format("Welcome")
    )
    assert found(session) == [(1, "error message")]
    session = Session().add("GET", "/orders/new", html=PAGE.format(FORM.format(REFUSED)))
    session.add("POST", "/orders", body="amount=", html=PAGE.format(FORM.format(REFUSED))).add(
        "GET", "/", html=PAGE.format("Welcome")
    )
    session.add("GET", "/a", html=PAGE.format("Bread")).add("GET", "/b", html=PAGE.format("Cakes"))
    assert found(session) == [], "the same stood there before anything was sent"


def test_what_a_redirect_after_sending_leads_to() -> None:
    session = Session().add("GET", "/", html=PAGE.format("Welcome")).add("GET", "/orders/new", html=PAGE.format(FORM.format("")))
    session.add("POST", "/orders", body="amount=x", status=302, location="/orders/new")
    session.add("GET", "/orders/new", html=PAGE.format(FORM.format('<p class="error">The amount is invalid.</p>')))
    assert found(session) == [(3, "error message")]
