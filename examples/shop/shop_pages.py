"""The shop's pages as HTML text; every value from outside goes through `escape`."""

from __future__ import annotations

import secrets
from html import escape

from shop_state import Session, Shop
from starlette.responses import HTMLResponse

NAME = "Corner Shop"


def csrf_field(token: str) -> str:
    """The hidden field that a form sends back."""
    return f'<input type="hidden" name="csrf" value="{escape(token)}">'


def render(shop: Shop, session: Session | None, title: str, body: str, script: str = "", status: int = 200) -> HTMLResponse:
    """A whole page; a signed-in session gets the sign-out form, with a token of its own, in the header."""
    nonce = secrets.token_urlsafe(12)  # in the header and the page, and never asked for again
    account = '<a href="/login">Sign in</a>'
    if session and session.user:
        account = (
            f'<form id="logout" method="post" action="/logout">{csrf_field(shop.form_token(session, "logout"))}'
            f"<span>{escape(session.user)}</span> <button>Sign out</button></form>"
        )
    source = f'<script src="/static/{script}" defer></script>' if script else ""
    html = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{escape(title)} · {NAME}</title>
<link rel="stylesheet" href="/static/shop.css">
<link rel="icon" href="/static/logo.png">
<script nonce="{nonce}">window.currency = "EUR";</script>
{source}
</head>
<body>
<header><a href="/"><img src="/static/logo.png" alt="" width="32" height="32"> {NAME}</a> {account}</header>
<main>
{body}
</main>
<footer>A demonstration; nothing is sold here.</footer>
</body>
</html>
"""
    policy = f"default-src 'self'; script-src 'self' 'nonce-{nonce}'"
    return HTMLResponse(html, status, {"Content-Security-Policy": policy, "Cache-Control": "no-store"})


def home(shop: Shop, session: Session) -> HTMLResponse:
    """The first page."""
    body = """<h1>Good things for the kitchen</h1>
<p>Eight things, made to last. <a id="enter" href="/login">Come in</a></p>
<img src="/static/kettle.png" alt="A kettle" width="96" height="96">
<img src="/static/shelf.png" alt="A shelf" width="96" height="96">"""
    return render(shop, session, "Welcome", body, "shop.js")


def login(shop: Shop, session: Session | None, action: str = "/login", message: str = "", status: int = 200) -> HTMLResponse:
    """The sign-in form; without a session its token is one that nobody accepts."""
    token = shop.form_token(session, action) if session else secrets.token_urlsafe(24)
    body = f"""<h1>Sign in</h1>
<p class="message">{escape(message)}</p>
<form id="login" method="post" action="{escape(action)}">
{csrf_field(token)}
<label>Name <input name="username" autocomplete="username"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button>Sign in</button>
</form>"""
    return render(shop, None, "Sign in", body, status=status)


def welcome(shop: Shop, session: Session) -> HTMLResponse:
    """The page after signing in; its script turns the ticket in the address into a bearer token."""
    body = f"""<h1>Hello, {escape(session.user or "")}</h1>
<p id="state">One moment…</p>
<p><a id="browse" href="/catalogue" hidden>See what is on the shelf</a></p>"""
    return render(shop, session, "Hello", body, "shop.js")


def catalogue(shop: Shop, session: Session) -> HTMLResponse:
    """The shelf; its script fetches the items."""
    body = """<h1>On the shelf</h1>
<ul id="items"></ul>
<section id="detail" hidden><h2></h2><p></p><button id="add">Add to cart</button></section>
<section id="cart" hidden><h2>Your cart</h2><p></p><a id="checkout" href="">Check out</a></section>"""
    return render(shop, session, "Shelf", body, "shop.js")


def checkout(shop: Shop, session: Session, cart: str) -> HTMLResponse:
    """The address form."""
    body = f"""<h1>Where shall it go?</h1>
<form id="address" method="post" action="/checkout">
{csrf_field(shop.form_token(session, "checkout"))}
<input type="hidden" name="cart" value="{escape(cart)}">
<label>Name <input name="full_name" required></label>
<label>Street <input name="street" required></label>
<label>Town <input name="town" required></label>
<label>Instructions <textarea name="instructions" rows="3"></textarea></label>
<button>Place the order</button>
</form>"""
    return render(shop, session, "Check out", body)


def order(shop: Shop, session: Session, number: int, address: str, gift: str) -> HTMLResponse:
    """An order, with the form for its gift note until there is one."""
    note = f"<p>Gift note: {escape(gift)}</p>"
    if not gift:
        note = f"""<h2>Add a gift note</h2>
<form id="gift" method="post" action="/orders/{number}/gift" enctype="multipart/form-data">
{csrf_field(shop.form_token(session, "gift"))}
<label>For <input name="recipient" required></label>
<label>Note <input name="note" type="file" required></label>
<button>Send the note</button>
</form>"""
    body = f"""<h1>Thank you for your order</h1>
<p>Its number is <b id="number">{number}</b>.</p>
<pre>{escape(address)}</pre>
{note}"""
    return render(shop, session, "Your order", body)


def members(shop: Shop) -> HTMLResponse:
    """The single-page client of the second journey; its script does the sign-in with PKCE."""
    body = """<h1>Members' corner</h1>
<p id="who">You are not signed in.</p>
<button id="signin">Sign in</button> <button id="signout" hidden>Sign out</button>"""
    return render(shop, None, "Members", body, "members.js")


def problem(shop: Shop, status: int, message: str) -> HTMLResponse:
    """What a refused page request gets."""
    return render(shop, None, f"Error {status}", f"<h1>{escape(message)}</h1>", status=status)
