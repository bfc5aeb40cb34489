"""URLs of recorded requests: as on the wire, their hosts, and their paths without values."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import quote, unquote, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}

_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"<>')
_ORIGIN = re.compile(r"[a-z]+://[^/?#\\\s]*(?=[/?#])")
_SUFFIXES = frozenset(("co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go", "gob", "mil"))
_SHARED_SUFFIXES = (
    "amazonaws.com",
    "appspot.com",
    "azurewebsites.net",
    "cloudfront.net",
    "github.io",
    "gitlab.io",
    "herokuapp.com",
    "netlify.app",
    "onrender.com",
    "pages.dev",
    "run.app",
    "vercel.app",
    "web.app",
    "workers.dev",
)


def wire_url(url: str) -> str:
    """An absolute `http`, `https`, `ws` or `wss` URL as on the wire: no fragment, no user, nothing but URL characters.

    Raises ValueError when it has no usable host.
    """
    parts = urlsplit(url.strip())
    host = parts.hostname
    if not host or parts.scheme.lower() not in DEFAULT_PORTS:
        raise ValueError("no host")
    if not host.isascii():
        host = host.encode("idna").decode()
    if not re.fullmatch(r"[A-Za-z0-9._~!$&'()*+,;=:%-]+", host):
        raise ValueError("bad host")
    if parts.port == 0:
        raise ValueError("bad port")
    authority = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port is not None else ""
    query = f"?{parts.query}" if parts.query or "?" in url.partition("#")[0] else ""
    return f"{parts.scheme.lower()}://{authority}{port}{quote(parts.path or '/', safe=_SAFE)}{quote(query, safe=_SAFE)}"


def host_port(url: str) -> str:
    """`host:port` of a URL, the port always shown; empty when the URL is not of the web or has no host."""
    origin = _ORIGIN.match(url)
    return _host_port(origin.group() if origin else url)


@lru_cache(maxsize=1024)
def _host_port(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return ""
    host = parts.hostname or ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}" if host else ""


def host_name(url: str) -> str:
    """The host of a URL without port and brackets, lower case; empty when there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def site(host: str) -> str:
    """The registrable domain of a host: its last two labels, three under suffixes like `co.uk` and shared hosting domains."""
    labels = host.split(".")
    if len(labels) <= 2 or _is_address(host):
        return host
    if any(host.endswith(f".{suffix}") for suffix in _SHARED_SUFFIXES):
        return ".".join(labels[-3:])
    wide = len(labels[-1]) == 2 and labels[-2] in _SUFFIXES
    return ".".join(labels[-3:] if wide else labels[-2:])


def is_local(host: str) -> bool:
    """Whether a host is on this machine or in a private network (loopback or private address, one label, `.local`…)."""
    if _is_address(host):
        return ip_address(host).is_private
    return "." not in host or host.endswith((".localhost", ".local", ".internal", ".test", ".lan"))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


# --- paths without values ---------------------------------------------------------------------------------------------

_KNOWN_EXTENSION = re.compile(
    r"\.(?:css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|eot|mp[34]|webm|pdf|html?|php|aspx?|ashx|axd|jspx?|do|action|"
    r"json|xml|txt|csv|zip|war)$",
    re.IGNORECASE,
)
_ASSET_EXTENSION = re.compile(r"\.(?:css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|eot|mp[34]|webm)$", re.IGNORECASE)
_VERSION = re.compile(r"v?[0-9]{1,3}(?:\.[0-9]{1,5}){1,3}|v[0-9]{1,2}(?:(?:alpha|beta)[0-9]{0,2})?", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_RUNS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{6}|[BCDFGHJKLMNPQRSTVWXZ]{8}")
_WORD = re.compile(r"[A-Za-z0-9]+")
SOCKJS = re.compile(r"/\d{3}/[a-z0-9_]{8}/(websocket|xhr(?:_streaming|_send)?|eventsource|htmlfile|jsonp(?:_send)?)$")
"""How addresses of SockJS end: a number and a name that the client draws for each connection, and a transport."""


def path_template(path: str) -> str:
    """A path with every segment that looks like a value replaced by `{id}`; without query and path parameters.

    `a@b.example` and `@user` are values; what follows `@@` is a view of the thing before it.

    >>> path_template("/users/42/orders/7b1f9c04-55aa-4c1e-9d0e-2f6f8f0c9a11;jsessionid=0A1B?x=1")
    '/users/{id}/orders/{id}'
    """
    plain = path.partition("?")[0].partition("#")[0]
    plain = SOCKJS.sub(r"/{id}/{id}/\1", plain)
    return "/".join(_segment(segment.partition(";")[0]) for segment in plain.split("/")) or "/"


def is_dynamic(word: str) -> bool:
    """Whether a run of letters and digits looks like an id or a token rather than a word."""
    if word.isdigit():
        return True
    length = len(word)
    digits = sum(character.isdigit() for character in word)
    runs = _RUNS.findall(word)
    hexadecimal = re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", word) is not None
    mixed = digits > 0 and (
        is_short_code(word)
        or digits >= 4
        or length >= 16
        or (hexadecimal and length >= 8)
        or (length >= 5 and len(runs) >= 4)
        or (length >= 12 and word.isupper())
    )
    jumpy = length >= 8 and len(runs) >= 4 and length / len(runs) < (3 if length >= 16 else 2.6)
    unspeakable = length >= 8 and any(_CONSONANTS.search(run) for run in runs)
    return mixed or jumpy or unspeakable or length > 30 or (hexadecimal and length >= 16)


def is_api_version(segment: str) -> bool:
    """Whether a segment of a path says which version of an interface is asked: `v4`, `v1beta1`."""
    return segment[:1] in ("v", "V") and _VERSION.fullmatch(segment) is not None


def is_short_code(word: str) -> bool:
    """Whether a few letters and digits are how an application calls a thing, too few for a token: `BTBW9Y`, `ygAdX5`."""
    if not 5 <= len(word) <= 8 or not word.isalnum() or not any(map(str.isdigit, word)) or not any(map(str.isupper, word)):
        return False
    runs = _RUNS.findall(word)
    return len(runs) >= 4 or (word.isupper() and len(runs) == 3 and word[:1].isalpha())


@lru_cache(maxsize=8192)
def _segment(segment: str) -> str:
    text = unquote(segment)
    if not text or _VERSION.fullmatch(text):
        return text
    if not re.fullmatch(r"[A-Za-z0-9._~+!$@-]+", text) or "@" in text.removeprefix("@@") or len(text) > 80 or _UUID.fullmatch(text):
        return "{id}"
    asset = _ASSET_EXTENSION.search(text) is not None
    extension = _KNOWN_EXTENSION.search(text)
    stem, suffix = (text[: extension.start()], extension[0]) if extension else (text, "")
    words = _WORD.findall(stem)
    values = [word for word in words if is_dynamic(word) and not (asset and word.isdigit() and len(word) <= 3)]
    if words and not values:
        return text
    if asset and all(re.fullmatch(r"[0-9a-f]+", value) for value in values):
        return _WORD.sub(lambda match: "{id}" if match[0] in values else match[0], stem) + suffix
    return "{id}" + suffix
