"""Targets, secrets and data sources are usable, and the options that they have do something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from loadwright.compiler.codes import Code
from loadwright.compiler.data_files import path_problem
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, finding, warning
from loadwright.compiler.passes.files import file_findings
from loadwright.compiler.plan.model import Target
from loadwright.compiler.suggest import suggestion
from loadwright.compiler.urls import is_path


def check_targets(context: Context) -> Iterator[Diagnostic]:
    """`target shop = "shop.example.com"` has no scheme; `GET api "/"` needs a target `api`; secrets come from real names."""
    for target in context.plan.targets:
        problem = _base_problem(target.url)
        if problem:
            hint = 'write it as in `target shop = "https://shop.example.com"`'
            yield finding(Code.BAD_URL, problem, hint, context.at(target, target.origin, 0))
        else:
            yield from _connection(context, target)
    for secret in context.plan.secrets:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", secret.env):
            hint = "letters, digits and `_`, not starting with a digit"
            yield finding(Code.BAD_ENV, f"`{secret.env}` is no name of an environment variable", hint, secret.origin)
    names = {target.name for target in context.plan.targets}
    for sender in context.senders():
        if sender.target is None and is_path(sender.url):
            hint = 'declare one: `target shop = "https://shop.example.com"`'
            yield finding(Code.UNKNOWN_TARGET, "a path needs a target", hint, context.at(sender.url, sender.origin))
        elif sender.target is not None and sender.target not in names:
            message, hint = f"there is no target `{sender.target}`", suggestion(sender.target, names)
            yield finding(Code.UNKNOWN_TARGET, message, hint, context.at(sender, sender.origin))


def _base_problem(url: str) -> str | None:
    parts = _split(url)
    if parts is None:
        return f"`{url}` is no URL"
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        return f"`{url}` is no `http://` or `https://` URL"
    if "@" in parts.netloc:
        return f"`{url.replace(parts.netloc.rpartition('@')[0], '…')}` holds a user, which belongs into `auth basic(…)`"
    if "?" in url or "#" in url or unsendable(url):
        return f"`{url}` has more than scheme, host, port and path"
    return None


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def unsendable(text: str) -> str | None:
    """The first character that cannot stand in a URL."""
    found = re.search(r"[^!-~]", text)
    return found[0] if found else None


def _connection(context: Context, target: Target) -> Iterator[Diagnostic]:
    """`verify`, `certificate` and `proxy` of a target."""
    if target.url.lower().startswith("http:"):
        option = "certificate" if target.certificate else "" if target.verify else "verify off"
        if option:
            message = f"`{option}` does nothing for `http://`"
            place = context.at(target, target.origin, 2 if target.certificate else 1)
            yield warning(Code.IDLE, message, "delete it, or write `https://`", place)
    for path in (target.certificate, target.key):
        if path is not None:
            yield from file_findings(context, path, context.at(target, target.origin, 2))
    place = context.at(target, target.origin, 3)
    parts = _split(target.proxy) if target.proxy is not None else None
    if target.proxy is None:
        return
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        hint = 'write it as in `proxy "http://proxy.example.com:3128"`'
        yield finding(Code.BAD_URL, "the proxy is no `http://` URL of host and port", hint, place)
    elif "@" in parts.netloc:
        message, hint = "the proxy's URL holds a user, which would be written out", "use a proxy that needs none"
        yield finding(Code.BAD_URL, message, hint, place)


def check_data(context: Context) -> Iterator[Diagnostic]:
    """`{ order random; on end stop }` never comes to an end: a warning. Data lies inside the intent's folder."""
    for source in context.plan.data:
        problem = path_problem(source.path) if context.folder is None else None
        place = context.at(source, source.origin)
        if problem:
            yield finding(Code.BAD_FILE, problem, "name the file by its relative path, with `/`", source.origin)
        if source.order == "random" and source.on_end == "stop":
            hint = "use `order shuffled`, which takes each row once, or delete `on end stop`"
            yield warning(Code.IDLE, "rows drawn at random are never used up, so `on end stop` does nothing", hint, place)
        if source.order == "random" and source.rows == "unique per user":
            hint = "use `order shuffled`, or delete `rows unique per user`"
            yield finding(Code.BAD_DATA, "rows drawn at random are not unique", hint, place)
