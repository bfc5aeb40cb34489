"""A small application for the patterns beside it: it refuses what is stale, missing or twice, and forgets all when it ends.

Run it with `python examples/patterns/server.py --port 8766`. It listens on the loopback address alone.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import secrets
import socket
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

PASSWORD = "open-sesame"
JOB_SECONDS = 0.6


@dataclass
class State:
    """Everything the application remembers."""

    sessions: dict[str, str] = field(default_factory=dict)
    csrf: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, float] = field(default_factory=dict)
    accounts: set[str] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)


STATE = State()


def refused(message: str, status: int = 403) -> Response:
    return JSONResponse({"error": message}, status_code=status)


def user_of(request: Request) -> str | None:
    return STATE.sessions.get(request.cookies.get("session", ""))


async def form_of(request: Request) -> dict[str, str]:
    body = (await request.body()).decode()
    return {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}


# --- session and CSRF form --------------------------------------------------------------------------------------------


async def login_page(request: Request) -> Response:
    token, session = secrets.token_urlsafe(12), secrets.token_urlsafe(12)
    STATE.csrf[session] = token
    page = f'<title>Sign in</title><form method="post"><input name="csrf" value="{token}"><input type="password"></form>'
    answer = HTMLResponse(page)
    answer.set_cookie("session", session, httponly=True)
    return answer


async def login(request: Request) -> Response:
    form, session = await form_of(request), request.cookies.get("session", "")
    expected = STATE.csrf.pop(session, None)
    if expected is None or form.get("csrf") != expected:
        return HTMLResponse("<title>Error</title>the form has expired", status_code=403)
    if form.get("password") != PASSWORD or not form.get("user"):
        return HTMLResponse("<title>Sign in</title>wrong password", status_code=401)
    STATE.sessions[session] = form["user"]
    return RedirectResponse("/account", 302)


async def account(request: Request) -> Response:
    user = user_of(request)
    return HTMLResponse(f"<title>Account</title><h1>Welcome {user}</h1>") if user else RedirectResponse("/login", 302)


async def logout(request: Request) -> Response:
    gone = STATE.sessions.pop(request.cookies.get("session", ""), None)
    return Response(status_code=204) if gone else refused("nobody is signed in", 401)


async def register(request: Request) -> Response:
    body = await request.json()
    if body["name"] in STATE.accounts:
        return refused(f"{body['name']} is taken", 409)
    STATE.accounts.add(body["name"])
    return JSONResponse({"name": body["name"]}, status_code=201)


# --- REST, GraphQL, upload, jobs --------------------------------------------------------------------------------------


async def notes(request: Request) -> Response:
    if request.method == "GET":
        return JSONResponse({"items": [{"id": key, "text": text} for key, text in list(STATE.notes.items())[-20:]]})
    key = secrets.token_hex(6)
    STATE.notes[key] = (await request.json())["text"]
    return JSONResponse({"id": key, "version": 1}, status_code=201, headers={"Location": f"/api/notes/{key}"})


async def note(request: Request) -> Response:
    key = request.path_params["key"]
    if key not in STATE.notes:
        return refused("there is no such note", 404)
    if request.method == "DELETE":
        del STATE.notes[key]
        return Response(status_code=204)
    if request.method == "PUT":
        STATE.notes[key] = (await request.json())["text"]
    return JSONResponse({"id": key, "text": STATE.notes[key]})


async def graphql(request: Request) -> Response:
    body = await request.json()
    name, values = body.get("operationName"), body.get("variables") or {}
    if name == "Search":
        found = [{"id": f"P-{i}", "title": f"{values['text']} {i}"} for i in range(1, 4)]
        return JSONResponse({"data": {"search": found}})
    if name == "Product" and str(values.get("id", "")).startswith("P-"):
        return JSONResponse({"data": {"product": {"id": values["id"], "price": 1250}}})
    return JSONResponse({"data": None, "errors": [{"message": f"cannot do {name}"}]})


async def upload(request: Request) -> Response:
    async with request.form() as form:
        names = [key for key, _ in form.multi_items()]
        held: Any = form["photo"]
        data = await held.read()
        if names.count("tag") != 2 or form.get("title") is None:
            return refused("two tags and a title are needed", 400)
    digest = hashlib.sha256(data).hexdigest()
    STATE.files[digest] = data
    return JSONResponse({"sha256": digest, "size": len(data)}, status_code=201)


async def stored(request: Request) -> Response:
    data = STATE.files.get(request.path_params["digest"])
    return Response(data, media_type="application/octet-stream") if data is not None else refused("no such file", 404)


async def start_job(request: Request) -> Response:
    key = secrets.token_hex(6)
    STATE.jobs[key] = time.monotonic() + JOB_SECONDS
    return JSONResponse({"job": key, "state": "queued"}, status_code=202)


async def job(request: Request) -> Response:
    ready = STATE.jobs.get(request.path_params["key"])
    if ready is None:
        return refused("there is no such job", 404)
    state = "done" if time.monotonic() >= ready else "running"
    return JSONResponse({"state": state, "result": "42" if state == "done" else None})


# --- OAuth 2: authorization code with PKCE (RFC 6749 section 4.1, RFC 7636) ---------------------------------------------


async def authorize(request: Request) -> Response:
    query = request.query_params
    if query.get("code_challenge_method") != "S256" or not query.get("state"):
        return refused("S256 and a state are needed", 400)
    code = secrets.token_urlsafe(16)
    STATE.codes[code] = query["code_challenge"]
    back = query["redirect_uri"]
    return RedirectResponse(f"{back}?{urlencode({'code': code, 'state': query['state']})}", 302)


async def callback(request: Request) -> Response:
    return HTMLResponse("<title>Signed in</title>")


async def token(request: Request) -> Response:
    form = await form_of(request)
    challenge = STATE.codes.pop(form.get("code", ""), None)
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    if challenge is None or challenge != base64.urlsafe_b64encode(digest).decode().rstrip("="):
        return JSONResponse({"error": "invalid_grant"}, status_code=400)
    made = secrets.token_urlsafe(24)
    STATE.tokens.add(made)
    return JSONResponse({"access_token": made, "token_type": "Bearer", "expires_in": 300})


async def me(request: Request) -> Response:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or given not in STATE.tokens:
        return refused("a valid bearer token is needed", 401)
    return JSONResponse({"name": "alice", "roles": ["reader", "writer"], "quota": 9007199254740993})


# --- single-page application ------------------------------------------------------------------------------------------


async def page(request: Request) -> Response:
    build = hashlib.sha256(b"build 7").hexdigest()[:8]
    text = f'<title>App</title><div id="app" data-build="{build}"></div><script src="/assets/app.{build}.js"></script>'
    return HTMLResponse(text)


async def asset(request: Request) -> Response:
    return Response("export {}", media_type="text/javascript")


async def search(request: Request) -> Response:
    return HTMLResponse(f"<title>Search</title><ul>{''.join(f'<li>{i}</li>' for i in range(5))}</ul>")


async def preflight(request: Request) -> Response:
    origin = request.headers.get("origin", "")
    if urlsplit(origin).hostname is None:
        return refused("an origin is needed", 400)
    headers = {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Headers": "content-type"}
    return Response(status_code=204, headers=headers)


ROUTES = [
    Route("/login", login_page),
    Route("/login", login, methods=["POST"]),
    Route("/account", account),
    Route("/logout", logout, methods=["POST"]),
    Route("/api/accounts", register, methods=["POST"]),
    Route("/api/notes", notes, methods=["GET", "POST"]),
    Route("/api/notes/{key}", note, methods=["GET", "PUT", "DELETE"]),
    Route("/graphql", graphql, methods=["POST"]),
    Route("/api/photos", upload, methods=["POST"]),
    Route("/api/photos/{digest}", stored),
    Route("/api/jobs", start_job, methods=["POST"]),
    Route("/api/jobs/{key}", job),
    Route("/oauth/authorize", authorize),
    Route("/callback", callback),
    Route("/oauth/token", token, methods=["POST"]),
    Route("/api/me", me),
    Route("/", page),
    Route("/search", search),
    Route("/assets/{name}", asset),
    Route("/api/ping", lambda request: PlainTextResponse("pong")),
    Route("/api/{rest:path}", preflight, methods=["OPTIONS"]),
]


def main() -> None:
    """Listen, and say where."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8766, help="0 takes a free one")
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", parser.parse_args().port))
        listening.listen()
        print(f"listening on http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
        config = uvicorn.Config(Starlette(routes=ROUTES), log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
