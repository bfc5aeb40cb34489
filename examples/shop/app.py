"""The demo shop: a small application that refuses every stale value, to record and to load on loopback.

Run it with `python examples/shop/app.py --port 8765`; README.md beside this file tells what is in it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import socket
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import shop_pages as pages
import uvicorn
from shop_oauth import provider
from shop_state import Shop, Tally, password_is
from shop_visit import SOFT_MODES, Refused, Visit, denied_json, denied_page, route
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

STATIC = {path.name: path.read_bytes() for path in sorted((Path(__file__).parent / "static").iterdir())}
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".png": "image/png"}
CLOCK_SKEW_MS = 300_000


# --- pages ------------------------------------------------------------------------------------------------------------


async def home(visit: Visit) -> Response:
    return pages.home(visit.shop, visit.session)


async def static(visit: Visit) -> Response:
    name = visit.request.path_params["file"]
    if name not in STATIC:
        raise Refused(Response(status_code=404))
    etag = f'"{hashlib.sha256(STATIC[name]).hexdigest()[:16]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache" if name.endswith(".css") else "max-age=3600"}
    if visit.request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(STATIC[name], headers=headers, media_type=MEDIA_TYPES[Path(name).suffix])


async def login_form(visit: Visit) -> Response:
    return pages.login(visit.shop, visit.session)


async def login(visit: Visit) -> Response:
    form = await visit.form("/login")
    if not password_is(form["username"], form["password"]):
        raise Refused(pages.login(visit.shop, visit.session, message="That name and password do not match.", status=401))
    visit.shop.close_session(visit.session)  # a session id from before signing in is void after it
    session = visit.shop.open_session(form["username"])
    visit.cookie = session.sid
    return RedirectResponse(f"/welcome?{urlencode({'ticket': session.ticket})}", 302)


async def welcome(visit: Visit) -> Response:
    ticket = visit.request.query_params.get("ticket", "")
    if not visit.member.ticket or ticket != visit.member.ticket:
        raise denied_page(visit.shop, 403, "This ticket is not yours", "ticket" if ticket else None)
    return pages.welcome(visit.shop, visit.member)


async def catalogue(visit: Visit) -> Response:
    return pages.catalogue(visit.shop, visit.member)


async def checkout_form(visit: Visit) -> Response:
    return pages.checkout(visit.shop, visit.member, own_cart(visit, visit.request.query_params.get("cart", "")))


async def checkout(visit: Visit) -> Response:
    session = visit.member
    form = await visit.form("checkout")
    cart = own_cart(visit, form["cart"])
    lines = [form[name].strip() for name in ("full_name", "street", "town")]
    if not all(lines):
        raise denied_page(visit.shop, 422, "The address is not complete")
    number = visit.shop.place_order(session, cart, "\n".join([*lines, form["instructions"]]))
    return RedirectResponse(f"/orders/{number}", 303)


def own_cart(visit: Visit, cart: str) -> str:
    if not visit.shop.open_cart(visit.member, cart):
        raise denied_page(visit.shop, 404, "There is no such cart", "cart" if cart else None)
    return cart


async def order(visit: Visit) -> Response:
    number, address, gift = own_order(visit)
    return pages.order(visit.shop, visit.member, number, address, gift)


async def gift(visit: Visit) -> Response:
    number, _, _ = own_order(visit)
    form = await visit.form("gift")
    name, data = await visit.upload("note")
    if not name or not data or not form["recipient"]:
        raise denied_page(visit.shop, 422, "The gift note is empty")
    query = "UPDATE purchase SET gift_name = ?, gift = ? WHERE id = ?"
    visit.shop.database.execute(query, (f"{name} for {form['recipient']}, {len(data)} bytes", data, number))
    visit.shop.tally.done["gift_notes"] += 1
    return RedirectResponse(f"/orders/{number}", 303)


def own_order(visit: Visit) -> tuple[int, str, str]:
    number = visit.request.path_params["number"]
    query = "SELECT id, address, coalesce(gift_name, '') FROM purchase WHERE id = ? AND sid = ?"
    row = visit.shop.database.execute(query, (number if number.isdigit() else None, visit.member.sid)).fetchone()
    if row is None:
        raise denied_page(visit.shop, 404, "There is no such order", "order")
    return row[0], row[1], row[2]


async def logout(visit: Visit) -> Response:
    session = visit.member
    await visit.form("logout")
    visit.shop.close_session(session)
    visit.shop.tally.done["logouts"] += 1
    visit.cookie = ""
    return RedirectResponse("/", 303)


# --- interfaces -------------------------------------------------------------------------------------------------------


async def token(visit: Visit) -> Response:
    session, ticket = visit.session, visit.request.headers.get("x-ticket", "")
    if not session.user or not session.ticket or ticket != session.ticket:
        raise denied_json(401, "invalid_ticket", "ticket" if ticket else None)
    session.ticket = ""
    session.token = visit.shop.grant_token(session.user, session)
    return JSONResponse({"access_token": session.token, "token_type": "Bearer", "expires_in": 600})


async def items(visit: Visit) -> Response:
    found = [item_json(visit, public) for public in sorted(visit.shopper.items)]  # another order in every session
    return JSONResponse({"items": found, "count": len(found)})


async def item(visit: Visit) -> Response:
    return JSONResponse(item_json(visit, visit.request.path_params["id"], full=True))


def item_json(visit: Visit, public: str, full: bool = False) -> dict[str, object]:
    row = visit.shopper.items.get(public)
    if row is None:
        raise denied_json(404, "no_such_item", "item")
    query = "SELECT name, price_cents, blurb FROM item WHERE id = ?"
    name, price, blurb = visit.shop.database.execute(query, (row,)).fetchone()
    return {"id": public, "name": name, "price_cents": price} | ({"blurb": blurb} if full else {})


async def cart(visit: Visit) -> Response:
    session, body, request_id = visit.shopper, await json_object(visit), visit.request.headers.get("x-request-id", "")
    sent_at, quantity = body.get("sent_at"), body.get("quantity")
    if not isinstance(sent_at, int) or not isinstance(quantity, int) or quantity < 1 or not is_uuid(request_id):
        raise denied_json(400, "invalid_request")
    if abs(time.time() * 1000 - sent_at) > CLOCK_SKEW_MS:
        raise denied_json(400, "clock_skew", "timestamp")
    row = session.items.get(str(body.get("item_id")))
    if row is None:
        raise denied_json(404, "no_such_item", "item")
    if not visit.shop.first_sight(request_id):
        raise denied_json(409, "repeated_request", "request_id")
    cart_id = visit.shop.add_to_cart(session, row, quantity)
    added_at = datetime.now(UTC).isoformat(timespec="milliseconds")
    return JSONResponse({"cart": {"id": cart_id, "lines": len(visit.shop.cart_lines(cart_id))}, "added_at": added_at}, 201)


async def graphql(visit: Visit) -> Response:
    session, body = visit.shopper, await json_object(visit)
    if body.get("operationName") != "Cart" or not str(body.get("query")).startswith("query Cart("):
        raise Refused(JSONResponse({"errors": [{"message": "unknown operation"}]}))
    variables = body.get("variables")
    cart_id = str(variables.get("id")) if isinstance(variables, dict) else ""
    if not visit.shop.open_cart(session, cart_id):
        error = {"message": "cart not found", "path": ["cart"], "extensions": {"code": "NOT_FOUND"}}
        raise Refused(JSONResponse({"errors": [error], "data": {"cart": None}}), "cart")
    lines = visit.shop.cart_lines(cart_id)
    total = sum(quantity * price for _, quantity, price in lines)
    listed = [{"name": name, "quantity": quantity} for name, quantity, _ in lines]
    return JSONResponse({"data": {"cart": {"id": cart_id, "total_cents": total, "lines": listed}}})


async def json_object(visit: Visit) -> dict[str, Any]:
    try:
        body = json.loads(await visit.request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise denied_json(400, "invalid_json")
    return body


def is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


# --- for tests --------------------------------------------------------------------------------------------------------


def control_routes(shop: Shop) -> list[Route]:
    """Routes that are no part of a journey and not counted."""

    async def counts(request: Request) -> Response:
        return JSONResponse(shop.tally.as_json())

    async def reset(request: Request) -> Response:
        shop.tally = Tally()
        shop.soft.clear()
        return JSONResponse({"reset": True})

    async def soft(request: Request) -> Response:
        wish = await request.json()
        mode, name = wish.get("mode"), wish.get("route")
        if mode not in SOFT_MODES or (mode != "off" and name not in shop.soft_routes):
            return JSONResponse({"error": "unknown mode or route", "modes": SOFT_MODES, "routes": shop.soft_routes}, 400)
        if mode != "off":
            shop.soft[name] = mode
        elif name:
            shop.soft.pop(name, None)
        else:
            shop.soft.clear()
        return JSONResponse(shop.soft)

    return [
        Route("/__counts", counts),
        Route("/__reset", reset, methods=["POST"]),
        Route("/__soft", soft, methods=["POST"]),
    ]


def listener(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one."""
    server = socket.create_server((host, port), backlog=2048)
    # asyncio sets this only on sockets of its own making; without it answers wait 40 ms for the client's ACK
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return server


def create_app() -> Starlette:
    """A shop with a state of its own."""
    shop = Shop()
    table = [
        ("GET", "/", home),
        ("GET", "/static/{file}", static),
        ("GET", "/login", login_form),
        ("POST", "/login", login),
        ("GET", "/welcome", welcome),
        ("GET", "/catalogue", catalogue),
        ("GET", "/checkout", checkout_form),
        ("POST", "/checkout", checkout),
        ("GET", "/orders/{number}", order),
        ("POST", "/orders/{number}/gift", gift),
        ("POST", "/logout", logout),
        ("POST", "/api/token", token),
        ("GET", "/api/items", items),
        ("GET", "/api/items/{id}", item),
        ("POST", "/api/cart", cart),
        ("POST", "/graphql", graphql),
        *provider(),
    ]
    shop.soft_routes = [f"{method} {template}" for method, template, _ in table]

    async def unknown(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        shop.tally.routes[f"{request.method} (no such page)"]["refused"] += 1
        return pages.problem(shop, status, "There is no such page")

    routes = [route(shop, *row) for row in table] + control_routes(shop)
    return Starlette(routes=routes, exception_handlers={HTTPException: unknown})


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="the demo shop")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8765, help="port to listen on; 0 takes a free one")
    parser.add_argument("--access-log", action="store_true", help="print a line for each request")
    options = parser.parse_args()
    server = listener(options.host, options.port)
    print(f"shop listening on http://{options.host}:{server.getsockname()[1]}", flush=True)
    level = "info" if options.access_log else "warning"
    config = uvicorn.Config(create_app(), log_level=level, access_log=options.access_log, lifespan="off", timeout_keep_alive=75)
    uvicorn.Server(config).run(sockets=[server])


if __name__ == "__main__":
    main()
