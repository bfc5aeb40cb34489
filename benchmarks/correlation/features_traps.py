"""Features of any application: transforms of values, and traps."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from urllib.parse import quote

import made
from session import Answer, Session, Value, data, page, redirect

Play = Callable[[Session], None]


# --- transforms -------------------------------------------------------------------------------------------------------


def _transformed(a: Random) -> Play:
    area, maker = made.thing(a), a.choice([made.letters(20), made.hexadecimal(24), made.base64_text(18), made.guid])
    changes: dict[str, Callable[[str], str]] = {
        "base64": made.b64,
        "base64url": lambda t: base64.urlsafe_b64encode(t.encode()).decode().rstrip("="),
        "url encoded": lambda t: quote(t, safe=""),
        "prefix": lambda t: f"tok_{t}",
        "suffix": lambda t: f"{t}-v2",
        "hex": lambda t: t.encode().hex(),
        "upper case": str.upper,
        "sha256": made.sha256_hex,
        "md5": lambda t: hashlib.md5(t.encode(), usedforsecurity=False).hexdigest(),
        "base64 of url encoded": lambda t: made.b64(quote(f"/{area}?t={quote(t, safe='')}", safe="")),
        "base64 of JSON": lambda t: made.b64(json.dumps({"t": t, "v": 1}, separators=(",", ":"))),
        "url encoded twice": lambda t: quote(quote(f"/{area}/go?t={quote(t, safe='')}&x=1", safe=""), safe=""),
        "nested URL": lambda t: f"https://app.example/{area}/go?t={quote(t, safe='')}&x=1",
        "Basic of id and key": lambda t: "Basic " + made.b64(f"client:{t}"),
    }
    name = a.choice(sorted(changes))
    maker = {"upper case": made.hexadecimal(24), "url encoded": made.base64_plus(24)}.get(name, maker)
    in_query = a.random() < 0.5

    def play(s: Session) -> None:
        token = maker(s.values)
        s.send("GET", f"/api/{area}/seed", data({"seed": token, "n": 1}))
        s.pause()
        mark = Value(changes[name](token), "server", f"sent as {name}")
        if name.startswith("Basic"):
            s.send("GET", f"/api/{area}/go", data({"ok": 1}), headers=[("Authorization", mark)])
        elif in_query:
            s.send("GET", f"/api/{area}/go", data({"ok": 1}), query=[("p", mark)])
        else:
            s.send("POST", f"/api/{area}/go", data({"ok": 1}), document={"p": mark})

    return play


def _received(a: Random) -> Play:
    """A value that is sent plainly and came wrapped."""
    area, maker = made.thing(a), a.choice([made.letters(20), made.hexadecimal(24), made.guid])
    wraps: dict[str, Callable[[str], str]] = {
        "base64": made.b64,
        "base64 of JSON": lambda t: made.b64(json.dumps({"t": t, "v": 1})),
        "url encoded": lambda t: f"/{area}%3Ft%3D{t}",
        "prefix": lambda t: f"urn:app:{t}",
        "between separators": lambda t: f"7|{t}|en",
        "a URL": lambda t: f"https://app.example/{area}/{t}/self",
        "hex": lambda t: t.encode().hex(),
        "HTML references": lambda t: f"&lt;input value=&quot;{t}&quot;&gt;",
    }
    name = a.choice(sorted(wraps))

    def play(s: Session) -> None:
        token = maker(s.values)
        s.send("GET", f"/api/{area}/start", data({"wrapped": wraps[name](token), "n": 1}))
        s.pause()
        s.send("POST", f"/api/{area}/use", data({"ok": 1}), document={"t": Value(token, "server", f"received as {name}")})

    return play


# --- traps ------------------------------------------------------------------------------------------------------------


def _client_made(a: Random) -> Play:
    area, style = made.thing(a), a.randrange(5)

    def play(s: Session) -> None:
        if style == 0:
            value = made.guid(s.values)
            s.send(
                "POST",
                f"/api/{area}",
                data({"ok": 1}),
                document={"n": 1},
                headers=[("X-Request-ID", Value(value, "client", "client uuid"))],
            )
        elif style == 1:
            s.send("GET", f"/api/{area}", data({"ok": 1}), query=[("_", Value(str(int(s.clock)), "client", "client clock"))])
        elif style == 2:
            moment = datetime.fromtimestamp(s.clock / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            s.send("POST", f"/api/{area}/log", data({"ok": 1}), document={"sentAt": Value(moment, "client", "client clock")})
        elif style == 3:
            verifier = made.base64_url(48)(s.values)
            challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
            query = [("code_challenge", Value(challenge, "client", "PKCE")), ("code_challenge_method", "S256")]
            code = made.letters(32)(s.values)
            s.send("GET", "/pkce/authorize", redirect(f"/pkce/done?code={code}"), query=query)
            s.send("GET", "/pkce/done", page("<p>ok</p>", "Done"), query=[("code", Value(code, "server", "OAuth"))])
            form = [("code", Value(code, "server", "OAuth")), ("code_verifier", Value(verifier, "client", "PKCE"))]
            s.send("POST", "/pkce/token", data({"ok": 1}), form=form)
        else:
            key = made.guid(s.values)
            mark = Value(key, "client", "client uuid")
            s.send("POST", f"/api/{area}/pay", data({"idempotencyKey": key, "state": "ok"}), document={"idempotencyKey": mark})
            s.send(
                "POST",
                f"/api/{area}/pay/confirm",
                data({"ok": 1}),
                document={"idempotencyKey": Value(key, "client", "client uuid")},
            )

    return play


def _echo(a: Random) -> Play:
    area, maker = made.thing(a), a.choice([made.word, lambda v: f"{made.word(v)}{v.randint(1000, 9999)}", made.code])

    def play(s: Session) -> None:
        term = maker(s.values)
        mark = Value(term, "typed", "typed, echoed")
        s.send(
            "GET",
            f"/{area}/find",
            page(f'<form><input name="q" value="{term}"></form>{made.noise(s.values)}', "Found"),
            query=[("q", mark)],
        )
        s.pause()
        s.send(
            "GET", f"/{area}/find", page("<p>x</p>", "Found"), query=[("q", Value(term, "typed", "typed, echoed")), ("page", "2")]
        )

    return play


def _small_ids(a: Random) -> Play:
    area, top = made.thing(a), a.choice([20, 60, 300])

    def play(s: Session) -> None:
        number = s.values.randint(2, top)
        s.send(
            "GET",
            f"/{area}/overview",
            page(made.noise(s.values) + f"<p>{number} open since 2024-{number % 12 + 1:02}-{number % 28 + 1:02}</p>", "Overview"),
        )
        s.pause()
        typed = Value(made.word(s.values), "typed", "typed")
        s.send(
            "POST",
            f"/api/{area}",
            data({"id": number, "rank": number, "likes": s.values.randint(1, top)}, 201),
            document={"name": typed},
        )
        mark = Value(str(number), "server", "small reused id")
        s.send("GET", ["api", area, mark], data({"n": s.values.randint(1, top), "limit": number}))
        s.send("DELETE", ["api", area, mark], Answer("", "", 204))

    return play


def _parallel(a: Random) -> Play:
    area, maker = made.thing(a), made.plain_token_maker(a)

    def play(s: Session) -> None:
        token = maker(s.values)
        s.send("GET", f"/api/{area}/boot", data({"boot": {"channel": token}}), duration=60)
        s.pause()
        mark = Value(token, "server", "parallel requests")
        s.send("GET", f"/api/{area}/slow", data({"channel": token, "slow": True}), duration=400)
        s.send("GET", f"/api/{area}/quick", data({"ok": 1}), query=[("channel", mark)], overlap=395, duration=50)
        s.send(
            "GET",
            f"/api/{area}/other",
            data({"ok": 1}),
            query=[("channel", Value(token, "server", "parallel requests"))],
            overlap=40,
        )
        s.clock += 500

    return play


def _changes_unused(a: Random) -> Play:
    area = made.thing(a)

    def play(s: Session) -> None:
        nonce = made.base64_text(16)(s.values)
        answer = page(f'<script nonce="{nonce}">1</script>{made.noise(s.values)}', "Calm")
        answer.headers += [("X-Request-Id", made.guid(s.values)), ("ETag", f'W/"{made.hexadecimal(10)(s.values)}"')]
        answer.headers += [("Set-Cookie", f"visit={made.hexadecimal(20)(s.values)}; Path=/")]
        s.send("GET", f"/{area}/calm", answer)
        s.pause()
        s.send(
            "GET",
            f"/{area}/calm/next",
            data({"time": int(s.clock), "trace": made.guid(s.values)}),
            query=[("page", "2"), ("size", "20")],
        )

    return play


def _constants(a: Random) -> Play:
    area, build, client = made.thing(a), made.hexadecimal(12)(a), made.hexadecimal(32)(a)
    key, flag = made.letters(39)(a), a.choice(["2024-01-17", "v2.14.3", "en-GB"])
    style = a.randrange(3)

    def play(s: Session) -> None:
        head = f'<script src="/static/app.{build}.js"></script><link rel="stylesheet" href="/static/main.css?v={build}">'
        config = f'<script>window.cfg = {{"clientId": "{client}", "version": "{flag}"}};</script>' if style == 0 else ""
        s.send("GET", f"/{area}/spa", page(config + made.noise(s.values), "Spa", head))
        s.send("GET", f"/static/app.{build}.js", Answer(f'const k="{key}";', "text/javascript"), resource="script")
        s.send("GET", "/static/main.css", Answer("body{}", "text/css"), query=[("v", build)], resource="stylesheet")
        query = [("client_id", client), ("version", flag), ("page", "1"), ("limit", "50")]
        s.send("GET", f"/api/{area}/conf", data({"page": 1, "limit": 50, "total": 50}), query=query)
        s.send("GET", f"/api/{area}/conf", data({"page": 2, "limit": 50}), query=[*query[:2], ("page", "2"), ("limit", "50")])

    return play


FEATURES = (
    *(_transformed, _transformed, _transformed, _received, _received),
    *(_client_made, _echo, _small_ids, _parallel, _changes_unused, _constants),
)
