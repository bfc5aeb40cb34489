"""Soft failures: what an answer that is an error in disguise looks like."""

from __future__ import annotations

import json
import re
from contextlib import suppress

from loadwright.backends.locust.runtime.network import Failure

SAID_ABROAD = (
    r"[Ss]eite nicht gefunden|[Zz]ugriff verweigert|[Ss]itzung (?:ist )?abgelaufen"
    r"|[Ee]in (?:unerwarteter )?Fehler ist aufgetreten"
    r"|[Pp]age (?:introuvable|non trouvée)|[Aa]ccès (?:refusé|interdit)"
    r"|[Ss]ession expirée|[Uu]ne erreur (?:est survenue|s.est produite)"
    r"|[Pp]ágina no encontrada|[Aa]cceso denegado|[Ss]esión (?:caducada|expirada)"
    r"|(?:[Ss]e ha producido|[Hh]a ocurrido) un error"
    r"|[Pp]ágina não encontrada|[Aa]cesso negado|[Ss]essão expirada|[Oo]correu um erro"
    r"|[Pp]agina non trovata|[Aa]ccesso negato|[Ss]essione scaduta"
    r"|[Ss]i è verificato un errore"
    r"|[Pp]agina niet gevonden|[Tt]oegang geweigerd|[Ss]essie verlopen"
    r"|[Ee]r is een fout opgetreden"
    r"|ページが見つかりません|アクセスが拒否されました"
    r"|セッションの有効期限が切れました|エラーが発生しました"
    r"|页面(?:未找到|不存在)|访问被拒绝|拒绝访问|会话已过期|系统错误"
)
ERROR_TITLE = (
    r"""<title>(?:[^<"'][^<]{0,79})?(?:[Ee]rror|[Ee]xception|[Ff]orbidden"""
    rf"|[Nn]ot [Ff]ound|[Uu]navailable|[Dd]enied|{SAID_ABROAD})[^<]{{0,80}}</title>"
)
LOGIN_FORM = r"""<input[^>]{0,200}type=["']?password"""
EXCEPTIONS = (
    ("Traceback (most", r"Traceback \(most recent call last\)"),
    ("Exception in thread", r"Exception in thread"),
    (".java:", r"\.java:[0-9]{1,6}\)"),
    ("Unhandled exception", r"Unhandled exception"),
    ("Server Error in '", r"Server Error in '[^']{0,80}' Application"),
    (".cs:line ", r"\.cs:line [0-9]"),
    ("Fatal error: ", r"Fatal error: {1,2}Uncaught"),
    ("Fatal error</b>:", r"Fatal error</b>:"),
    (".rb:", r"\.rb:[0-9]{1,6}:in "),
    ("ORA-", r"ORA-[0-9]{5}:"),
    ("You have an error in your SQL", r"You have an error in your SQL syntax"),
    ("SQLSTATE[", r"SQLSTATE\["),
    ("goroutine ", r"goroutine [0-9]{1,9} \[running\]"),
    (".js:", r"\.js:[0-9]{1,6}:[0-9]{1,6}\)"),
    (".ts:", r"\.ts:[0-9]{1,6}:[0-9]{1,6}\)"),
    (".rs:", r"\.rs:[0-9]{1,6}:[0-9]{1,6}"),
    (".pm line ", r"\.pm line [0-9]{1,6}[.,]"),
    (".pl line ", r"\.pl line [0-9]{1,6}[.,]"),
    (".ex:", r"\.ex:[0-9]{1,6}: [A-Z]"),
)
"""A text that is always in the trace of an exception, and what the trace looks like."""
ERROR_MARKS = (
    "alert-danger|alert-error|errorlist|errornote|errorbox|error-box|error-summary"
    "|summary-errors|error-message|error_message|errorMessage|error-explanation"
    "|error_explanation|errorExplanation|notice-error|message-error|messages-error"
    "|messages--error|message-box-error|flash-error|flash_error|flash error"
    "|message error|messages error|error message|negative message|is-danger"
    "|feedbackPanelERROR"
)
ERROR_MESSAGE = (
    r"""<(?:div|p|ul|ol|li|section|span|strong)[ \t\r\n]"""
    r"""[^<>]{0,200}?(?:class|id)=["']"""
    rf"""(?:errors?|(?:[^"'<>]{{0,100}}[ _-])?(?:{ERROR_MARKS})"""
    r"""s?(?: [^"'<>]{0,100})?)["'][^<>]{0,200}>"""
    r"""(?:[ \t\r\n]{0,50}(?:<[A-Za-z][^<>]{0,150}>|</(?:i|svg|path|use)>)){0,6}"""
    r"""[ \t\r\n]{0,50}(?:[^<&* \t\r\n]|&[^n])"""
)
ERROR_HEADING = (
    r"<h[12](?: [^<>]{0,200})?>[ \t\r\n]{0,50}"
    r"(?:[Ee]rror:? )?(?:(?:40[0-9]|50[0-9])(?: ?[-:] ?| ))?"
    r"(?:(?:[Pp]age |[Rr]ecord |[Ff]ile |[Oo]bject )?[Nn]ot [Ff]ound"
    r"|(?:[Aa]ccess |[Pp]ermission )(?:is )?[Dd]enied|[Ff]orbidden|[Uu]nauthori[sz]ed"
    r"|(?:[Aa]n? )?(?:[Uu]nexpected |[Ii]nternal |[Aa]pplication |[Ss]erver |[Ff]atal )"
    r"{0,2}[Ee]rror(?: (?:has )?occurr?ed)?|[Ss]omething went wrong"
    rf"|[Ss]ession (?:has )?expired|{SAID_ABROAD})"
    r"[.!。]?[ \t\r\n]{0,50}</h[12]>"
)


def holds_exception(text: str) -> bool:
    """Whether a text holds the trace of an exception."""
    return any(
        always in text and re.search(trace, text) for always, trace in EXCEPTIONS
    )


def says_error(page: str) -> bool:
    """Whether a page tells of an error, in a heading or in a text that is marked so."""
    if re.search(ERROR_HEADING, page):
        return True
    marked = any(
        mark in page for mark in (*ERROR_MARKS.split("|"), '="error', "='error")
    )
    return marked and re.search(ERROR_MESSAGE, page) is not None


def check_json_members(text: str) -> None:
    """Fail for a JSON object that speaks of an error."""
    with suppress(ValueError):
        value = json.loads(text.removeprefix("\ufeff"))
        if isinstance(value, dict):
            for member in ("errors", "error"):
                if value.get(member) not in (None, False, "", [], {}):
                    raise Failure(f"soft failure: json member `{member}`")
            for member in ("success", "ok"):
                if value.get(member) is False:
                    raise Failure(f"soft failure: json member `{member}`")
            if value.get("status") in ("error", "fail"):
                raise Failure("soft failure: json member `status`")
