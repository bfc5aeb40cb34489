"""Sign-in with an authorization code and PKCE (RFC 6749 section 4.1, RFC 7636) for the members' page."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import shop_pages as pages
from shop_state import Recent, password_is
from shop_visit import Handler, Refused, Visit, denied_json, denied_page
from starlette.responses import JSONResponse, RedirectResponse, Response

CLIENT = "members-page"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass
class Interaction:
    """An authorization request under way, or the code that came of it."""

    sid: str
    redirect_uri: str
    state: str
    challenge: str
    user: str = ""


class Provider:
    """The authorization server; codes and interactions are single-use."""

    def __init__(self) -> None:
        self.interactions: Recent[Interaction] = Recent()
        self.codes: Recent[Interaction] = Recent()
        self.challenges: Recent[bool] = Recent()

    async def authorize(self, visit: Visit) -> Response:
        """`GET /oauth/authorize`: to the sign-in form, or back to the client with an error."""
        query = visit.request.query_params
        redirect_uri, state = query.get("redirect_uri", ""), query.get("state", "")
        if query.get("client_id") != CLIENT or not registered(redirect_uri, visit.request.url.hostname):
            raise denied_page(visit.shop, 400, "Unknown client or redirect address")
        challenge = query.get("code_challenge", "")
        wrong = query.get("response_type") != "code" or query.get("code_challenge_method") != "S256"
        # RFC 9700 section 2.1.1: a server should detect constant challenges
        reused = challenge in self.challenges
        if wrong or reused or not CHALLENGE.fullmatch(challenge) or not state:
            error = urlencode({"error": "invalid_request", "state": state})
            raise Refused(RedirectResponse(f"{redirect_uri}?{error}", 302), "code_challenge" if reused else None)
        self.challenges[challenge] = True
        uid = secrets.token_urlsafe(16)
        self.interactions[uid] = Interaction(visit.session.sid, redirect_uri, state, challenge)
        return RedirectResponse(f"/oauth/signin/{uid}", 302)

    def interaction(self, visit: Visit) -> tuple[str, Interaction]:
        """The interaction that the path names, if it is this session's."""
        uid = visit.request.path_params["uid"]
        found = self.interactions.get(uid)
        if found is None or found.sid != visit.session.sid:
            raise denied_page(visit.shop, 400, "This sign-in is over; start again", "interaction")
        return uid, found

    async def form(self, visit: Visit) -> Response:
        """`GET /oauth/signin/{uid}`."""
        uid, _ = self.interaction(visit)
        return pages.login(visit.shop, visit.session, f"/oauth/signin/{uid}")

    async def sign_in(self, visit: Visit) -> Response:
        """`POST /oauth/signin/{uid}`: back to the client with a code."""
        uid, interaction = self.interaction(visit)
        action = f"/oauth/signin/{uid}"
        form = await visit.form(action)
        if not password_is(form["username"], form["password"]):
            raise Refused(pages.login(visit.shop, visit.session, action, "That name and password do not match.", 401))
        del self.interactions[uid]
        code = secrets.token_urlsafe(24)
        interaction.user = form["username"]
        self.codes[code] = interaction
        query = urlencode({"code": code, "state": interaction.state})
        return RedirectResponse(f"{interaction.redirect_uri}?{query}", 302)

    async def callback(self, visit: Visit) -> Response:
        """`GET /oauth/callback`: the page whose script redeems the code, for a code that waits to be redeemed."""
        query = visit.request.query_params
        waiting = self.codes.get(query.get("code", ""))
        if "error" not in query and (waiting is None or waiting.state != query.get("state")):
            raise denied_page(visit.shop, 400, "This sign-in is over; start again", "code")
        return pages.members(visit.shop)

    async def token(self, visit: Visit) -> Response:
        """`POST /oauth/token`: a bearer token for a code and the verifier that its challenge was made from."""
        form = await visit.plain_form()
        if form.get("grant_type") != "authorization_code" or form.get("client_id") != CLIENT:
            raise denied_json(400, "invalid_request")
        verifier = form.get("code_verifier", "")
        interaction = self.codes.pop(form.get("code", ""), None)
        if interaction is None:
            raise denied_json(400, "invalid_grant", "code")
        if not VERIFIER.fullmatch(verifier) or s256(verifier) != interaction.challenge:
            raise denied_json(400, "invalid_grant", "code_verifier")
        if form.get("redirect_uri") != interaction.redirect_uri:
            raise denied_json(400, "invalid_grant")
        visit.shop.tally.done["pkce_logins"] += 1
        access = visit.shop.grant_token(interaction.user)
        return JSONResponse({"access_token": access, "token_type": "Bearer", "expires_in": 600, "scope": "profile"})

    async def revoke(self, visit: Visit) -> Response:
        """`POST /oauth/revoke` (RFC 7009), with one difference: an unknown token is refused."""
        form = await visit.plain_form()
        if visit.shop.grants.pop(form.get("token", ""), None) is None:
            raise denied_json(400, "invalid_token", "bearer")
        return JSONResponse({"revoked": True})


async def me(visit: Visit) -> Response:
    """`GET /api/me`."""
    return JSONResponse({"username": visit.grant.user, "member_since": 2019})


async def members_page(visit: Visit) -> Response:
    """`GET /members`."""
    return pages.members(visit.shop)


def registered(redirect_uri: str, host: str | None) -> bool:
    """Whether the address is the client's; on loopback any port is (RFC 8252 section 7.3)."""
    parts = urlsplit(redirect_uri)
    loopback = parts.hostname in ("127.0.0.1", "localhost")
    return parts.path == "/oauth/callback" and not parts.query and (loopback or parts.hostname == host)


def s256(verifier: str) -> str:
    """The challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def provider() -> list[tuple[str, str, Handler]]:
    """Routes of the sign-in: method, path template, handler."""
    oauth = Provider()
    return [
        ("GET", "/members", members_page),
        ("GET", "/oauth/authorize", oauth.authorize),
        ("GET", "/oauth/signin/{uid}", oauth.form),
        ("POST", "/oauth/signin/{uid}", oauth.sign_in),
        ("GET", "/oauth/callback", oauth.callback),
        ("POST", "/oauth/token", oauth.token),
        ("POST", "/oauth/revoke", oauth.revoke),
        ("GET", "/api/me", me),
    ]
