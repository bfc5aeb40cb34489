"""Soft failures: responses that are errors in disguise, by rules that each name their evidence.

The rules see one response. Every backend ports exactly these, so that the three runtimes agree.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import orjson
from ahocorasick_rs import BytesAhoCorasick, MatchKind

SIGNATURES = (
    ("Python", "Traceback (most", r"Traceback \(most recent call last\)"),
    ("Java", "Exception in thread", r"Exception in thread"),
    ("Java", ".java:", r"\.java:[0-9]{1,6}\)"),
    (".NET", "Unhandled exception", r"Unhandled exception"),
    (".NET", "Server Error in '", r"Server Error in '[^']{0,80}' Application"),
    (".NET", ".cs:line ", r"\.cs:line [0-9]"),
    ("PHP", "Fatal error: ", r"Fatal error: {1,2}Uncaught"),
    ("PHP", "Fatal error</b>:", r"Fatal error</b>:"),
    ("Ruby", ".rb:", r"\.rb:[0-9]{1,6}:in "),
    ("a database", "ORA-", r"ORA-[0-9]{5}:"),
    ("a database", "You have an error in your SQL", r"You have an error in your SQL syntax"),
    ("a database", "SQLSTATE[", r"SQLSTATE\["),
    ("Go", "goroutine ", r"goroutine [0-9]{1,9} \[running\]"),
    ("JavaScript", ".js:", r"\.js:[0-9]{1,6}:[0-9]{1,6}\)"),
    ("JavaScript", ".ts:", r"\.ts:[0-9]{1,6}:[0-9]{1,6}\)"),
    ("Rust", ".rs:", r"\.rs:[0-9]{1,6}:[0-9]{1,6}"),
    ("Perl", ".pm line ", r"\.pm line [0-9]{1,6}[.,]"),
    ("Perl", ".pl line ", r"\.pl line [0-9]{1,6}[.,]"),
    ("Elixir", ".ex:", r"\.ex:[0-9]{1,6}: [A-Z]"),
)
"""What exceptions look like: whose, a text that is always in it, and a portable regular expression; in text, HTML and JSON bodies.

Runtimes look for the text first: Go takes many times as long for an expression of all, and most bodies hold none.
"""

_ALWAYS = BytesAhoCorasick([always.encode() for _, always, _ in SIGNATURES], matchkind=MatchKind.LeftmostFirst)
"""Looks for all of those texts at once; most bodies hold none."""

SAID_ABROAD = (
    r"[Ss]eite nicht gefunden|[Zz]ugriff verweigert|[Ss]itzung (?:ist )?abgelaufen|[Ee]in (?:unerwarteter )?Fehler ist aufgetreten"
    r"|[Pp]age (?:introuvable|non trouvée)|[Aa]ccès (?:refusé|interdit)|[Ss]ession expirée"
    r"|[Uu]ne erreur (?:est survenue|s.est produite)"
    r"|[Pp]ágina no encontrada|[Aa]cceso denegado|[Ss]esión (?:caducada|expirada)|(?:[Ss]e ha producido|[Hh]a ocurrido) un error"
    r"|[Pp]ágina não encontrada|[Aa]cesso negado|[Ss]essão expirada|[Oo]correu um erro"
    r"|[Pp]agina non trovata|[Aa]ccesso negato|[Ss]essione scaduta|[Ss]i è verificato un errore"
    r"|[Pp]agina niet gevonden|[Tt]oegang geweigerd|[Ss]essie verlopen|[Ee]r is een fout opgetreden"
    r"|ページが見つかりません|アクセスが拒否されました|セッションの有効期限が切れました|エラーが発生しました"
    r"|页面(?:未找到|不存在)|访问被拒绝|拒绝访问|会话已过期|系统错误"
)
"""The same in German, French, Spanish, Portuguese, Italian, Dutch, Japanese and Chinese: whole phrases, since a word alone may
name what a page is about (`Fehler` is a bug to a tracker)."""

ERROR_TITLE = (
    r"""<title>(?:[^<"'][^<]{0,79})?"""
    r"(?:[Ee]rror|[Ee]xception|[Ff]orbidden|[Nn]ot [Ff]ound|[Uu]navailable|[Dd]enied"
    rf"|{SAID_ABROAD})[^<]{{0,80}}</title>"
)
"""A portable regular expression; applied to HTML bodies. What begins with a quote stands in a script (`'<title>' + text`)."""

LOGIN_FORM = r"""<input[^>]{0,200}type=["']?password"""
"""A portable regular expression; applied to HTML bodies."""

ERROR_MARKS = (
    *("alert-danger", "alert-error", "errorlist", "errornote", "errorbox", "error-box", "error-summary", "summary-errors"),
    *("error-message", "error_message", "errorMessage", "error-explanation", "error_explanation", "errorExplanation"),
    *("notice-error", "message-error", "messages-error", "messages--error", "message-box-error", "flash-error", "flash_error"),
    *("flash error", "message error", "messages error", "error message", "negative message", "is-danger", "feedbackPanelERROR"),
)
"""Classes and ids by which frameworks mark the message of an error (Bootstrap, Django, MediaWiki, GOV.UK, ASP.NET, Rails,
WordPress, Drupal, PrimeFaces, Fomantic, Bulma, Wicket), or how such classes end."""

ERROR_MESSAGE = (
    r"""<(?:div|p|ul|ol|li|section|span|strong)[ \t\r\n][^<>]{0,200}?(?:class|id)=["']"""
    rf"""(?:errors?|(?:[^"'<>]{{0,100}}[ _-])?(?:{"|".join(ERROR_MARKS)})s?(?: [^"'<>]{{0,100}})?)["'][^<>]{{0,200}}>"""
    r"""(?:[ \t\r\n]{0,50}(?:<[A-Za-z][^<>]{0,150}>|</(?:i|svg|path|use)>)){0,6}[ \t\r\n]{0,50}(?:[^<&* \t\r\n]|&[^n])"""
)
"""A portable regular expression; applied to HTML bodies. A mark alone is no message: it must have a text."""

MARKED = (*ERROR_MARKS, '="error', "='error")
"""One of them stands in each page that the expression finds something in."""

_ANY_MARK = BytesAhoCorasick([mark.encode() for mark in MARKED], matchkind=MatchKind.LeftmostFirst)

ERROR_HEADING = (
    r"<h[12](?: [^<>]{0,200})?>[ \t\r\n]{0,50}(?:[Ee]rror:? )?(?:(?:40[0-9]|50[0-9])(?: ?[-:] ?| ))?"
    r"(?:(?:[Pp]age |[Rr]ecord |[Ff]ile |[Oo]bject )?[Nn]ot [Ff]ound|(?:[Aa]ccess |[Pp]ermission )(?:is )?[Dd]enied|[Ff]orbidden"
    r"|[Uu]nauthori[sz]ed|(?:[Aa]n? )?(?:[Uu]nexpected |[Ii]nternal |[Aa]pplication |[Ss]erver |[Ff]atal ){0,2}[Ee]rror"
    r"(?: (?:has )?occurr?ed)?|[Ss]omething went wrong|[Ss]ession (?:has )?expired"
    rf"|{SAID_ABROAD})[.!。]?[ \t\r\n]{{0,50}}</h[12]>"
)
"""A portable regular expression; applied to HTML bodies. The heading is about nothing else."""


def soft_failure(status: int, content_type: str, body: str, ignored: Collection[str] = ()) -> str | None:
    """The reason why a 2xx response is a failure all the same, or None; `ignored` rules do not apply.

    In order: `json member` (media type `application/json` or `+json`): the top-level object has a non-empty `errors`, an
    `error` that is not null, false or empty, `success` or `ok` false, or `status` equal to `error` or `fail`;
    `error title`: HTML whose title speaks of an error; `login form`: HTML with a password field (the login page in place
    of the page); `exception text`: the signature of an exception in a textual body; `error message`: HTML with a heading
    that is about an error and nothing else, or with a text that is marked as the message of one.
    """
    if not 200 <= status < 300:
        return None
    media_type = content_type.partition(";")[0].strip().lower()
    is_json = media_type == "application/json" or media_type.endswith("+json")
    is_html = media_type == "text/html"
    if is_json and "json member" not in ignored and (reason := _json_reason(body)):
        return reason
    if is_html and "error title" not in ignored and re.search(ERROR_TITLE, body):
        return "error title"
    if is_html and "login form" not in ignored and re.search(LOGIN_FORM, body):
        return "login form"
    if (is_json or media_type.startswith("text/")) and "exception text" not in ignored and exception_in(body):
        return "exception text"
    if is_html and "error message" not in ignored and says_error(body):
        return "error message"
    return None


def says_error(page: str) -> bool:
    """The rule `error message` for a page."""
    if ("<h1" in page or "<h2" in page) and re.search(ERROR_HEADING, page):
        return True
    marked = _ANY_MARK.find_matches_as_indexes(page.encode("utf-8", "replace"))
    return bool(marked) and re.search(ERROR_MESSAGE, page) is not None


def exception_in(body: str) -> tuple[str, int, int] | None:
    """Whose exception a text holds (`Java`, `a database`), and from where to where its signature stands; None for none."""
    if not _ALWAYS.find_matches_as_indexes(body.encode("utf-8", "replace")):  # many times as fast as the expressions
        return None
    for whose, always, pattern in SIGNATURES:
        if always in body and (match := re.search(pattern, body)):
            return whose, match.start(), match.end()
    return None


_TELLING = re.compile(r'"(?:error|(?:success|ok|status)")')
"""What stands in every JSON with a member that is looked for."""


def _json_reason(body: str) -> str | None:
    if not _TELLING.search(body) and "\\u" not in body:
        return None  # a name that is not there needs no parser
    try:
        value = orjson.loads(body.removeprefix("\ufeff"))
    except orjson.JSONDecodeError:
        return None
    return failing_member(value)


def failing_member(value: object) -> str | None:
    """The rule `json member` for a JSON document that was read."""
    if not isinstance(value, dict):
        return None
    for member in ("errors", "error"):
        if value.get(member) not in (None, False, "", [], {}):
            return f"json member `{member}`"
    for member in ("success", "ok"):
        if value.get(member) is False:
            return f"json member `{member}`"
    if value.get("status") in ("error", "fail"):
        return "json member `status`"
    return None
