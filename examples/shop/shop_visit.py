"""One request to the shop: its session, its form and bearer token, its refusal, and its place in the tally."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from functools import cached_property

import shop_pages as pages
from shop_state import Grant, Session, Shop
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

SOFT_MODES = ("json-error", "login-page", "wrong-type", "off")


class Refused(Exception):
    """Ends a request with an answer; `stale` is the kind of value that was stale or foreign, None where it was not that."""

    def __init__(self, response: Response, stale: str | None = None) -> None:
        self.response = response
        self.stale = stale


def denied_page(shop: Shop, status: int, message: str, stale: str | None = None) -> Refused:
    """A refusal as a page."""
    return Refused(pages.problem(shop, status, message), stale)


def denied_json(status: int, error: str, stale: str | None = None) -> Refused:
    """A refusal as JSON."""
    return Refused(JSONResponse({"error": error}, status), stale)


class Visit:
    """A request and what the shop knows of the sender."""

    def __init__(self, shop: Shop, request: Request) -> None:
        self.shop = shop
        self.request = request
        self.cookie: str | None = None
        """The session id to set; an empty one ends the cookie."""

    @cached_property
    def session(self) -> Session:
        """The session that the cookie names, or a new one."""
        sid = self.request.cookies.get("sid", "")
        session = self.shop.sessions.get(sid)
        if session is None:
            if sid:
                self.shop.tally.stale["session"] += 1
            session = self.shop.open_session()
            self.cookie = session.sid
        return session

    @property
    def member(self) -> Session:
        """The session, if it is signed in; else the visitor is sent to the sign-in page."""
        if self.session.user is None:
            raise Refused(RedirectResponse("/login", 302))
        return self.session

    @property
    def grant(self) -> Grant:
        """What the bearer token allows."""
        scheme, _, token = self.request.headers.get("authorization", "").partition(" ")
        grant = self.shop.live_grant(token) if scheme == "Bearer" else None
        if grant is None:
            refused = denied_json(401, "invalid_token", "bearer" if token else None)
            refused.response.headers["WWW-Authenticate"] = "Bearer"
            raise refused
        return grant

    @property
    def shopper(self) -> Session:
        """The session that the bearer token belongs to."""
        session = self.grant.session
        if session is None:
            raise denied_json(403, "wrong_scope", "bearer")
        return session

    async def plain_form(self) -> dict[str, str]:
        """The text fields of the form that was sent."""
        return {name: value for name, value in (await self.request.form()).items() if isinstance(value, str)}

    async def form(self, name: str) -> dict[str, str]:
        """The fields of one of the shop's own forms, once its token is checked and spent; a missing field is empty text."""
        fields = Fields(await self.plain_form())
        if not self.shop.spend_form_token(self.session, name, fields["csrf"]):
            raise denied_page(self.shop, 403, "This form has expired", "csrf" if fields["csrf"] else None)
        return fields

    async def upload(self, name: str) -> tuple[str, bytes]:
        """The name and bytes of a file of the form that was sent; no bytes where there is none."""
        part = (await self.request.form()).get(name)
        return (part.filename or "", await part.read()) if isinstance(part, UploadFile) else ("", b"")


class Fields(dict[str, str]):
    """Form fields; one that was not sent is empty text."""

    def __missing__(self, key: str) -> str:
        return ""


Handler = Callable[[Visit], Awaitable[Response]]


def route(shop: Shop, method: str, template: str, handler: Handler) -> Route:
    """A counted route."""
    name = f"{method} {template}"

    async def endpoint(request: Request) -> Response:
        visit = Visit(shop, request)
        outcome = "accepted"
        mode = shop.soft.get(name)
        try:
            if mode in ("json-error", "login-page"):
                response = soft_answer(shop, mode)
            else:
                response = await handler(visit)
        except Refused as refusal:
            response, outcome = refusal.response, "refused"
            if refusal.stale:
                shop.tally.stale[refusal.stale] += 1
        if mode:
            outcome = "soft"
        if mode == "wrong-type":
            response.headers["Content-Type"] = "text/plain"
        shop.tally.routes[name][outcome] += 1
        return finish(visit, response)

    return Route(template, endpoint, methods=[method])


def finish(visit: Visit, response: Response) -> Response:
    """Add the session cookie where it changed, and a trace id that nobody asks for again."""
    if visit.cookie:
        response.set_cookie("sid", visit.cookie, httponly=True, samesite="lax")
    elif visit.cookie == "":
        response.delete_cookie("sid")
    response.headers["X-Trace-Id"] = secrets.token_hex(16)
    return response


def soft_answer(shop: Shop, mode: str) -> Response:
    """A 200 that is none."""
    if mode == "login-page":
        return pages.login(shop, None)
    return JSONResponse({"status": "error", "error": {"code": "E_BACKEND", "message": "try again later"}})
