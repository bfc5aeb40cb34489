"""The options of `curl`: which take a value, which say something about a request, and which only about the command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

SHORT = {
    "X": "request",
    "H": "header",
    "d": "data",
    "F": "form",
    "u": "user",
    "b": "cookie",
    "k": "insecure",
    "G": "get",
    "L": "location",
    "I": "head",
    "A": "user-agent",
    "e": "referer",
    "m": "max-time",
    "T": "upload-file",
    ":": "next",
    "x": "proxy",
    "E": "cert",
    "K": "config",
    "s": "silent",
    "S": "show-error",
    "v": "verbose",
    "i": "include",
    "f": "fail",
    "o": "output",
    "O": "remote-name",
    "w": "write-out",
    "g": "globoff",
    "c": "cookie-jar",
    "#": "progress-bar",
    "N": "no-buffer",
    "n": "netrc",
    "D": "dump-header",
    "0": "http1.0",
    "1": "tlsv1",
    "2": "sslv2",
    "3": "sslv3",
    "4": "ipv4",
    "6": "ipv6",
    "j": "junk-session-cookies",
    "J": "remote-header-name",
    "R": "remote-time",
    "q": "disable",
    "r": "range",
    "U": "proxy-user",
    "Z": "parallel",
}
"""The long name of each letter."""

WITH_VALUE = frozenset(
    (
        *("request", "header", "data", "data-raw", "data-binary", "data-ascii", "data-urlencode", "json", "form", "form-string"),
        *("user", "cookie", "user-agent", "referer", "url", "max-time", "upload-file", "oauth2-bearer", "url-query"),
        *("proxy", "cert", "key", "cacert", "capath", "config", "output", "write-out", "cookie-jar", "dump-header", "range"),
        *("proxy-user", "connect-timeout", "retry", "retry-delay", "retry-max-time", "resolve", "connect-to", "interface"),
        *("max-redirs", "limit-rate", "ciphers", "tls-max", "noproxy", "stderr", "trace", "trace-ascii", "cert-type", "key-type"),
        *("pass", "unix-socket", "output-dir", "speed-limit", "speed-time", "keepalive-time", "aws-sigv4", "dns-servers", "proto"),
    )
)
"""The options that take a value."""

SILENT = frozenset(
    (
        *("silent", "show-error", "verbose", "include", "fail", "fail-with-body", "output", "remote-name", "write-out", "globoff"),
        *("cookie-jar", "progress-bar", "no-buffer", "dump-header", "compressed", "http1.0", "http1.1", "http2", "http3"),
        *("http2-prior-knowledge", "ipv4", "ipv6", "connect-timeout", "tlsv1", "tlsv1.2", "tlsv1.3", "junk-session-cookies"),
        *("remote-header-name", "remote-time", "disable", "parallel", "path-as-is", "no-keepalive", "keepalive-time", "stderr"),
        *("trace", "trace-ascii", "output-dir", "create-dirs", "no-progress-meter", "max-redirs", "post301", "post302", "post303"),
        *("ssl-reqd", "tls-max", "basic", "http0.9", "tcp-nodelay", "location-trusted", "retry", "retry-delay", "retry-max-time"),
    )
)
"""Options that say nothing about what is sent: they are passed over without a word."""


def options(words: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Each option of a command by its long name, with its value; what is no option as `url`.

    >>> list(options(["-sXPOST", "http://a/", "--json", "{}", "-kL"]))
    [('silent', None), ('request', 'POST'), ('url', 'http://a/'), ('json', '{}'), ('insecure', None), ('location', None)]
    """
    waiting = iter(words)
    for word in waiting:
        if word.startswith("--") and len(word) > 2:
            name, equals, value = word[2:].partition("=")
            name = name if equals and name in WITH_VALUE else word[2:]
            yield name, (value if equals and name in WITH_VALUE else next(waiting, "")) if name in WITH_VALUE else None
        elif word.startswith("-") and len(word) > 1 and word != "--":
            yield from _letters(word[1:], waiting)
        elif word != "--":
            yield "url", word


def _letters(letters: str, waiting: Iterator[str]) -> Iterator[tuple[str, str | None]]:
    for position, letter in enumerate(letters):
        name = SHORT.get(letter, f"-{letter}")
        if name in WITH_VALUE:
            yield name, letters[position + 1 :] or next(waiting, "")
            return
        yield name, None
