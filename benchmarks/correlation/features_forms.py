"""Features of applications that answer with pages: forms, meta tags, scripts, view states, redirects."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from random import Random

import made
from session import Session, Value, data, page, redirect

Play = Callable[[Session], None]


def _csrf_form(a: Random) -> Play:
    name, maker, area = a.choice(made.CSRF_NAMES), made.token_maker(a), made.thing(a)
    references = a.random() < 0.3
    stays = a.random() < 0.4

    def play(s: Session) -> None:
        token = maker(s.values)
        shown = made.hidden(name, token).replace("+", "&#43;") if references else made.hidden(name, token)
        fields = f'<form method="post" action="/{area}">{shown}<input name="title"><input name="qty" value="1"></form>'
        s.send("GET", f"/{area}/new", page(fields + made.noise(s.values), f"New {made.singular(area)}"))
        s.pause()
        after = page(fields if stays else made.noise(s.values), "Saved")
        form = [(name, Value(token, "server", "csrf form")), ("title", Value(made.word(s.values), "typed", "typed")), ("qty", "1")]
        s.send("POST", f"/{area}", after, form=form)
        if stays:
            s.pause()
            s.send("POST", f"/{area}/publish", page("<p>ok</p>", "Done"), form=[(name, Value(token, "server", "csrf form"))])

    return play


def _csrf_meta(a: Random) -> Play:
    name, maker, area = (
        a.choice(["csrf-token", "_csrf", "xsrf", "request-token", "api-key-page"]),
        made.token_maker(a),
        made.thing(a),
    )
    header = a.choice(["X-CSRF-Token", "X-CSRFToken", "X-XSRF-TOKEN", "X-Request-Token", "X-Guard"])

    def play(s: Session) -> None:
        token = maker(s.values)
        s.send("GET", f"/{area}", page(made.noise(s.values), area, f'<meta name="{name}" content="{token}">'))
        for _ in range(2):
            s.pause()
            body = {"text": Value(made.word(s.values), "typed", "typed"), "draft": True}
            s.send(
                "POST", f"/{area}/save", data({"ok": True}), document=body, headers=[(header, Value(token, "server", "csrf meta"))]
            )

    return play


def _csrf_header(a: Random) -> Play:
    name, maker, area = a.choice(["X-CSRF-Token", "X-Token", "X-Auth-Key", "X-Session-Key"]), made.token_maker(a), made.thing(a)

    def play(s: Session) -> None:
        token = maker(s.values)
        answer = data({"ready": True})
        answer.headers.append((name, token))
        s.send("GET", f"/api/{area}/session", answer, headers=[(name, "fetch")])
        s.send(
            "POST", f"/api/{area}", data({"ok": True}), document={"n": 1}, headers=[(name, Value(token, "server", "csrf header"))]
        )

    return play


def _inline_script(a: Random) -> Play:
    name, maker, area = a.choice(["csrfToken", "token", "apiKey", "sid", "ctx", "pageKey"]), made.token_maker(a), made.thing(a)
    style = a.randrange(4)

    def play(s: Session) -> None:
        token = maker(s.values)
        escaped = token.replace("/", "\\/") if style == 1 else token.replace("+", "\\u002B") if style == 2 else token
        script = {
            0: f"var {name} = '{token}';",
            1: f'window.__CONFIG__ = {{"user":"anna","{name}":"{escaped}","debug":false}};',
            2: f'App.init({{ {name}: "{escaped}", retries: 3 }});',
            3: f'window["{name}"]="{token}",window.build="20240117";',
        }[style]
        s.send("GET", f"/{area}/editor", page(f"<script>{script}</script>{made.noise(s.values)}", "Editor"))
        s.pause()
        mark = Value(token, "server", "inline script")
        s.send("POST", f"/api/{area}/draft", data({"saved": True}), document={"body": "x", name: mark})

    return play


def _json_in_html(a: Random) -> Play:
    maker, area, style = made.token_maker(a), made.thing(a), a.randrange(3)
    name = a.choice(["csrfToken", "accessToken", "draftId", "formKey"])

    def play(s: Session) -> None:
        token = maker(s.values)
        state = {"props": {"user": {"name": "Anna"}, "page": {name: token, "locale": "en"}}, "items": [1, 2]}
        if style == 0:
            body = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>'
        elif style == 1:
            body = f'<div id="app" data-page="{html.escape(json.dumps(state))}"></div>'
        else:
            body = f"<script>window.__STATE__ = {json.dumps(state)};</script>"
        s.send("GET", f"/{area}/board", page(body, "Board"))
        s.pause()
        mark = Value(token, "server", "JSON in HTML")
        if name == "accessToken":
            mark = Value(f"Bearer {token}", "server", "JSON in HTML")
            s.send("GET", f"/api/{area}/board", data({"ok": 1}), headers=[("Authorization", mark)])
        else:
            s.send("POST", f"/api/{area}/board", data({"ok": 1}), document={name: mark, "move": "left"})

    return play


def _two_forms(a: Random) -> Play:
    name, maker, area = a.choice(made.CSRF_NAMES), made.token_maker(a), made.thing(a)
    marked, second = a.randrange(3), a.random() < 0.7

    def play(s: Session) -> None:
        one, two = maker(s.values), maker(s.values)
        heads = {0: ('id="find"', 'id="edit"'), 1: ('action="/find"', f'action="/{area}/edit"'), 2: ("", "")}[marked]
        body = f'<form method="post" {heads[0]}>{made.hidden(name, one)}<input name="query"></form>'
        body += f'<form method="post" {heads[1]}>{made.hidden(name, two)}<input name="label"></form>'
        s.send("GET", f"/{area}/home", page(body + made.noise(s.values), "Home"))
        s.pause()
        typed = Value(made.word(s.values), "typed", "typed")
        used = two if second else one
        form = [(name, Value(used, "server", "two forms")), ("label" if second else "query", typed)]
        s.send("POST", f"/{area}/edit" if second else "/find", page("<p>ok</p>", "Kept"), form=form)

    return play


def _rotating_form(a: Random) -> Play:
    name, maker, area = a.choice(made.CSRF_NAMES), made.token_maker(a), made.thing(a)
    turns = a.randint(2, 4)

    def play(s: Session) -> None:
        token = maker(s.values)
        s.send("GET", f"/{area}/wizard", page(f'<form method="post">{made.hidden(name, token)}</form>', "Wizard"))
        for turn in range(turns):
            s.pause()
            old, token = token, maker(s.values)
            body = f'<form method="post">{made.hidden(name, token)}</form>{made.noise(s.values)}'
            form = [("page", str(turn + 1)), (name, Value(old, "server", "rotating token"))]
            s.send("POST", f"/{area}/wizard", page(body, "Wizard"), form=form)

    return play


def _view_state(a: Random) -> Play:
    size, area, partial = a.choice([1500, 6000, 15000]), made.thing(a), a.random() < 0.4
    state, check = ("__VIEWSTATE", "__EVENTVALIDATION") if a.random() < 0.7 else ("javax.faces.ViewState", "faces.check")

    def fields(v: Random) -> dict[str, str]:
        return {state: made.base64_text(size)(v), check: made.base64_text(200)(v), "__VIEWSTATEGENERATOR": "C2EE9ABB"}

    def play(s: Session) -> None:
        held = fields(s.values)
        body = f'<form method="post">{"".join(made.hidden(k, v) for k, v in held.items())}<input name="who"></form>'
        s.send("GET", f"/{area}.aspx", page(body, "Grid"))
        for turn in range(2):
            s.pause()
            sent = [
                (state, Value(held[state], "server", "view state")),
                ("__VIEWSTATEGENERATOR", Value(held["__VIEWSTATEGENERATOR"], "free", "hidden constant")),
            ]
            sent += [(check, Value(held[check], "server", "view state")), ("__EVENTTARGET", f"grid$page{turn}")]
            held = fields(s.values)
            if partial:
                pieces = "".join(f"{len(v)}|hiddenField|{k}|{v}|" for k, v in held.items())
                answer = page("")
                answer.text, answer.media_type = f"1|#||4|12|updatePanel|up1|<p>rows</p>|{pieces}", "text/plain"
                s.send("POST", f"/{area}.aspx", answer, form=sent, headers=[("X-MicrosoftAjax", "Delta=true")])
            else:
                body = f'<form method="post">{"".join(made.hidden(k, v) for k, v in held.items())}<input name="who"></form>'
                s.send("POST", f"/{area}.aspx", page(body, "Grid"), form=sent)

    return play


def _redirect_id(a: Random) -> Play:
    maker, area = a.choice([made.digits(3), made.digits(4), made.digits(6), made.guid, made.code, made.letters(11)]), made.thing(a)
    absolute, again = a.random() < 0.4, a.random() < 0.8

    def play(s: Session) -> None:
        number = maker(s.values)
        typed = Value(made.word(s.values), "typed", "typed")
        start = f"https://{s.host}" if absolute else ""
        s.send("GET", f"/{area}/new", page('<form method="post"><input name="name"></form>', "New"))
        s.pause()
        s.send("POST", f"/{area}", redirect(f"{start}/{area}/{number}"), form=[("name", typed)])
        mark = Value(number, "server", "id in a redirect")
        s.send("GET", [area, mark], page(made.noise(s.values), "One"))
        if again:
            s.pause()
            s.send("POST", [area, mark, "archive"], redirect(f"/{area}"), form=[("sure", "yes")])
            s.send("GET", f"/{area}", page(made.noise(s.values), area))

    return play


def _link_id(a: Random) -> Play:
    maker, area = a.choice([made.digits(5), made.guid, made.object_id, made.letters(11), made.code]), made.thing(a)
    style = a.randrange(3)

    def play(s: Session) -> None:
        number = maker(s.values)
        link = {
            0: f'<a href="/{area}/{number}/edit">Edit</a>',
            1: f'<a href="/{area}/edit?id={number}&amp;tab=main">Edit</a>',
            2: f'<form action="/{area}/{number}/edit" method="post"><button>Go</button></form>',
        }[style]
        s.send("GET", f"/{area}/mine", page(link + made.noise(s.values), "Mine"))
        s.pause()
        mark = Value(number, "server", "id in a link")
        if style == 1:
            s.send("GET", f"/{area}/edit", page("<p>x</p>", "Edit"), query=[("id", mark), ("tab", "main")])
        elif style == 0:
            s.send("GET", [area, mark, "edit"], page("<p>x</p>", "Edit"))
        else:
            s.send("POST", [area, mark, "edit"], page("<p>x</p>", "Edit"), form=[("go", "1")])

    return play


def _list_page(a: Random) -> Play:
    maker, area = a.choice([made.digits(4), made.digits(6), made.guid, made.object_id]), made.thing(a)
    style, names = a.randrange(3), a.sample(made.WORDS, 6)
    picked, reorders = names[a.randrange(6)], a.random() < 0.5

    def play(s: Session) -> None:
        rows = [(n, maker(s.values)) for n in names]
        if reorders:
            s.values.shuffle(rows)
        if style == 0:
            body = "".join(f'<tr><td>{n.title()}</td><td><a href="/{area}/{i}">open</a></td></tr>' for n, i in rows)
            body = f"<table>{body}</table>"
        elif style == 1:
            body = (
                "<form><select name='item'>"
                + "".join(f'<option value="{i}">{n.title()}</option>' for n, i in rows)
                + "</select></form>"
            )
        else:
            body = "<ul>" + "".join(f'<li data-id="{i}" data-name="{n}">{n.title()}</li>' for n, i in rows) + "</ul>"
        s.send("GET", f"/{area}/all", page(body, "All"))
        s.pause()
        mark = Value(dict(rows)[picked], "server", "row of a page, reordered" if reorders else "row of a page")
        if style == 0:
            s.send("GET", [area, mark], page("<p>x</p>", "Row"))
        elif style == 1:
            s.send("POST", f"/{area}/pick", page("<p>x</p>", "Row"), form=[("item", mark)])
        else:
            s.send("POST", f"/{area}/pick", data({"ok": 1}), document={"id": mark})

    return play


def _saml(a: Random) -> Play:
    named = a.choice(["RelayState", "state"])

    def play(s: Session) -> None:
        answer = made.b64(
            f'<samlp:Response ID="_{made.hexadecimal(32)(s.values)}">{made.base64_text(900)(s.values)}</samlp:Response>'
        )
        relay = made.base64_url(18)(s.values)
        s.send("GET", "/app/secure", redirect(f"https://sso.{s.host}/login?{named}={relay}"))
        mark = Value(relay, "server", "SAML form")
        fields = made.hidden("SAMLResponse", answer) + made.hidden(named, relay)
        body = f'<form method="post" action="https://{s.host}/acs">{fields}</form>'
        s.send("GET", "/login", page(body, "Working"), query=[(named, mark)], host=f"sso.{s.host}")
        form = [("SAMLResponse", Value(answer, "server", "SAML form")), (named, mark)]
        s.send("POST", "/acs", redirect("/app/secure/home", 303), form=form)
        s.send("GET", "/app/secure/home", page(made.noise(s.values), "Secure"))

    return play


def _oauth(a: Random) -> Play:
    client, server_state = made.hexadecimal(20)(a), a.random() < 0.5

    def play(s: Session) -> None:
        state, code = made.base64_url(24)(s.values), made.letters(40)(s.values)
        label = "server" if server_state else "client"
        back = f"https://{s.host}/callback"
        if server_state:
            there = f"https://id.{s.host}/authorize?client_id={client}&response_type=code&state={state}"
            s.send("GET", "/signin", redirect(there))
        mark = Value(state, "server" if server_state else "client", "OAuth" if server_state else "client nonce")
        query = [("client_id", client), ("response_type", "code"), ("state", mark)]
        s.send("GET", "/authorize", redirect(f"{back}?code={code}&state={state}"), query=query, host=f"id.{s.host}")
        echoed = Value(state, label, "OAuth" if server_state else "client nonce")
        s.send("GET", "/callback", page("<p>in</p>", "In"), query=[("code", Value(code, "server", "OAuth")), ("state", echoed)])
        token = [("grant_type", "authorization_code"), ("code", Value(code, "server", "OAuth")), ("client_id", client)]
        access = made.letters(48)(s.values)
        s.send("POST", "/token", data({"access_token": access, "expires_in": 3600}), form=token, host=f"id.{s.host}")
        bearer = [("Authorization", Value(f"Bearer {access}", "server", "OAuth"))]
        s.send("GET", "/api/me", data({"name": "Anna"}), headers=bearer)

    return play


def _url_session(a: Random) -> Play:
    name, maker = a.choice(["jsessionid", "sid"]), a.choice([made.hexadecimal(32), made.letters(26)])

    def play(s: Session) -> None:
        sid = maker(s.values)
        s.send("GET", "/store/start", page(f'<a href="/store/list;{name}={sid}">List</a>', "Start"))
        s.pause()
        s.send("GET", ["store", f"list;{name}={sid}"], page(f'<a href="/store/cart;{name}={sid}">Cart</a>', "List"))
        s.truth[-1]["path", f"2;{name}"] = Value(sid, "server", "session id in a path")
        s.pause()
        s.send("GET", ["store", f"cart;{name}={sid}"], page("<p>cart</p>", "Cart"))
        s.truth[-1]["path", f"2;{name}"] = Value(sid, "server", "session id in a path")

    return play


def _data_attribute(a: Random) -> Play:
    name, maker, area = a.choice(["token", "record", "key", "entity-id"]), made.plain_token_maker(a), made.thing(a)

    def play(s: Session) -> None:
        value = maker(s.values)
        s.send("GET", f"/{area}/panel", page(f'<div class="w" data-{name}="{value}"></div>{made.noise(s.values)}', "Panel"))
        s.pause()
        s.send("POST", f"/{area}/panel", data({"ok": 1}), document={"ref": Value(value, "server", "data attribute")})

    return play


def _page_text(a: Random) -> Play:
    maker, area, style = a.choice([made.digits(8), made.code, made.letters(12), made.digits(6)]), made.thing(a), a.randrange(3)

    def play(s: Session) -> None:
        number = maker(s.values)
        shown = {
            0: f'<p>Your number: <strong id="{made.singular(area)}-number">{number}</strong></p>',
            1: f'<p class="confirmation">Thank you! Reference <b class="reference">{number}</b>.</p>',
            2: f"<p>Your {made.singular(area)} number is {number}, keep it.</p>",
        }[style]
        s.send("POST", f"/{area}/confirm", page(shown + made.noise(s.values), "Thanks"), form=[("agree", "1")])
        s.pause()
        mark = Value(number, "server", "text of a page")
        s.send("GET", f"/{area}/track", page("<p>x</p>", "Track"), query=[("number", mark)])

    return play


def _multipart(a: Random) -> Play:
    name, maker, area = a.choice(made.CSRF_NAMES), made.token_maker(a), made.thing(a)

    def play(s: Session) -> None:
        token = maker(s.values)
        body = f'<form method="post" enctype="multipart/form-data">{made.hidden(name, token)}<input name="note"></form>'
        s.send("GET", f"/{area}/upload", page(body, "Upload"))
        s.pause()
        parts = [(name, Value(token, "server", "multipart field")), ("note", Value(made.word(s.values), "typed", "typed"))]
        s.send("POST", f"/{area}/upload", page("<p>ok</p>", "Uploaded"), parts=parts)

    return play


FEATURES = (
    *(_csrf_form, _csrf_meta, _csrf_header, _inline_script, _json_in_html, _two_forms, _rotating_form, _view_state, _redirect_id),
    *(_link_id, _list_page, _saml, _oauth, _url_session, _data_attribute, _page_text, _multipart),
)
