"""Secrets inside of a larger text (XML, a script, a body of an unknown type): names with their values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from loadwright.compiler.agents.observe.secret_arguments import secret_arguments
from loadwright.compiler.agents.secret_names import is_credential_field, is_credential_header, is_secret, is_secret_name, keys_in
from loadwright.compiler.agents.values import is_drawn, is_token

_LONGEST = 1_000_000
_HINT = re.compile(
    "pass|pw|pin|otp|secret|api|credential|key|code|kod|answer|cv[vcn]|csc|kenn|geheim|motde|mdp|contra|wacht|senha|has[lł]o|heslo|geslo|"
    "paro|auth|sess|token|jwt|method|sifre|jelsz|clave|l[oö]senord|salas|lozink|tan|card|://|curl|login|identif|mysql|sqlplus|:thin:|"
    r"securestr|net user|"
    r"sk-|gh[opsu]_|glpat|npm_|pypi-|atatt|xox|pat-|sg\.|aiza|a[ks]ia|dop_v|shp|[^\x00-\u02ff]",
    re.IGNORECASE,
)
"""What a text has in it that has such a name in it."""
_NAME = r"[^\W\d][\w.:\[\]-]{0,60}"
_FORM_NAME = r"[^\W\d](?:[\w.:\[\]-]|%5[BDbd]){0,60}"
_PAIRS = (
    re.compile(
        rf"""(?<!\\)(["'])(?P<name>{_NAME})\1\s{{0,20}}[:=]\s{{0,20}}(?P<q>["'])(?P<value>(?:(?!(?P=q))[^\\\r\n]|\\.){{1,1000}})(?P=q)"""
    ),
    re.compile(
        rf"""\b(?P<name>{_NAME})\s{{0,20}}[:=]\s{{0,20}}(?:"")?(?P<q>["'])(?P<value>(?:(?!(?P=q))[^\\<>\r\n]|\\.){{1,1000}})(?P=q)"""
    ),
    re.compile(
        rf"""(?<!\\)(?P<e>\\{{1,8}})(?P<q>["'])(?P<name>{_NAME})(?P=e)(?P=q)\s{{0,20}}[:=]\s{{0,20}}(?P=e)(?P=q)"""
        r"""(?P<value>[^\r\n]{1,1000}?)(?<!\\)(?P=e)(?P=q)"""
    ),
    re.compile(rf"""<(?P<name>{_NAME})(?:\s[^<>]{{0,200}})?>(?P<value>[^<>]{{1,1000}}?)</"""),
    re.compile(rf"""<(?P<name>{_NAME})(?:\s[^<>]{{0,200}})?>\s{{0,20}}<!\[CDATA\[(?P<value>[^\]]{{1,1000}})\]\]>"""),
    re.compile(
        rf"""(["'])(?:name|key|field|n|k)\1\s{{0,20}}:\s{{0,20}}\1(?P<name>{_NAME})\1\s{{0,20}},\s{{0,20}}\1(?:value|val|v)\1\s{{0,20}}:"""
        r"""\s{0,20}(?P<q>\1)(?P<value>(?:(?!(?P=q))[^\\\r\n]|\\.){1,1000})(?P=q)"""
    ),
    re.compile(
        rf"""<(?:name|key)>\s{{0,20}}(?P<name>{_NAME})\s{{0,20}}</(?:name|key)>\s{{0,20}}<(?:value|string)>\s{{0,20}}(?:<string>)?"""
        r"""(?P<value>[^<>]{1,1000})</"""
    ),
    re.compile(
        rf"""(?m:^)[ \t-]{{0,40}}(?P<name>{_NAME})(?::|[ \t]{{1,20}}=)[ \t]{{0,20}}"""
        r"""(?![$|&*{\[])(?P<value>[^\s"'<>,;{}()][^\r\n"'<>,;{}()]{2,1000})(?=[\r\0]?(?:\n|\Z))"""
    ),
    re.compile(rf"""(?:^|(?<=[?&;\s"'{{,]))-{{0,2}}(?P<name>{_FORM_NAME})=(?P<value>[^&;\s"'<>]{{1,1000}})"""),
    re.compile(
        rf"""\bname=(["']?)(?P<name>{_NAME})\1(?=[;\r\n])[^\r\n]{{0,200}}(?:\r?\n[^\r\n]{{1,200}}){{0,3}}\r?\n\r?\n"""
        r"""(?P<value>[^\r\n]{1,1000})"""
    ),
    re.compile(
        rf"""\bname=["']?(?P<name>{_NAME})["']?\s[^<>]{{0,200}}?\bvalue=(?P<q>["'])(?P<value>(?:(?!(?P=q))[^<>]){{1,1000}})(?P=q)"""
    ),
    re.compile(rf"""(?<![\w-])--(?P<name>{_NAME})[ \t](?P<value>[^\s"'<>-][^\s"'<>]{{2,200}})"""),
)
"""Names with values: JSON, scripts, GraphQL, JSON in a string, XML, YAML, INI, forms, parts, inputs, options."""
_USER_OF_URL = re.compile(r"://[^\s/:@\"'<>?#]{0,80}:([^\s/:@\"'<>?#]{3,200})@")
"""The password of who connects, in an address (RFC 3986, section 3.2.1): `postgres://app:…@db/shop`."""
_PASS = re.compile(r"(?m:^)PASS[ \t]{1,3}:?(\S{3,200})(?=\r?(?:\n|\Z))")
"""A password as a line of its own: IRC, FTP, POP3."""
_SQL = re.compile(
    r"""\b(?:identified(?:\s{1,5}with\s{1,5}["'`]?\w{1,60}["'`]?)?\s{1,5}by|"""
    r"""(?:with|encrypted|set|(?:role|user)\s{1,5}\S{1,80})\s{1,5}password(?:\s{1,5}for\s{1,5}\S{1,120})?(?:\s{0,5}=(?:\s{0,5}password\s?\()?)?)"""
    r"""\s{0,5}(?P<q>["'])(?P<value>(?:(?!(?P=q))[^\r\n]){3,200})(?P=q)""",
    re.IGNORECASE,
)
"""Statements that make or change a user of a database."""
_OF_COMMANDS = (
    ("curl", re.compile(r"""\bcurl\b[^\r\n]{0,200}?\s(?:-u|--user)[ =]["']?[^\s:"']{1,80}:([^\s"'\\]{3,200})""")),
    (
        "-p",
        re.compile(
            r"""\b(?:sshpass|(?:docker|podman|helm registry) login)\b[^\r\n|;&]{0,200}?\s-p ?["']?([^\s"'\\-][^\s"'\\]{2,200})"""
        ),
    ),
    ("mysql", re.compile(r"""\bmysql(?:dump|admin)?\b[^\r\n|;&]{0,200}?\s-p["']?([^\s"'\\-][^\s"'\\]{2,200})""")),
    ("--password-stdin", re.compile(r"""\becho (?:-n )?["']?([^\s"'|]{3,200})["']? ?\|[^\r\n|]{0,200}? --password-stdin\b""")),
    ("export ", re.compile(r"""\bexport [A-Z_]{0,40}(?:TOKEN|KEY|SECRET)=["']?([^\s"'$&;]{3,200})""")),
    ("SecureString", re.compile(r"""\bConvertTo-SecureString (?:-String )?["']([^"'\r\n]{3,200})["']""")),
    (" user ", re.compile(r"\bnet user \S{1,80} ([^\s/*]\S{2,200})(?= |$)", re.MULTILINE)),
    (":thin:", re.compile(r"""\boracle:thin:[^\s/@"']{1,80}/([^\s@"']{3,200})@""")),
    ("sqlplus", re.compile(r"""\bsqlplus(?: -\w{1,8}){0,5} ["']?[^\s/@"'-]{1,80}/([^\s@"']{3,200})""")),
    ("APP_KEY=", re.compile(r"""\bAPP_KEY=["']?([^\s"']{8,200})""")),
    *((word, _SQL) for word in ("IDENTIFIED", "identified", "PASSWORD", "password")),
    ("uthorization: ", re.compile(r"""\b[Aa]uthorization: (?:Bearer|Basic|Token) ([^\s"'\\,;]{8,4000})(?=["'])""")),
    ("AUTH ", re.compile(r"(?m:^)AUTH[ \t](?!PLAIN|LOGIN|CRAM)\S{1,80}[ \t](\S{3,200})(?=\r?(?:\n|\Z))")),
    ("LOGIN ", re.compile(r"(?m:^)(?:\w{1,8} )?LOGIN[ \t]\S{1,80}[ \t](\S{3,200})(?=\r?(?:\n|\Z))")),
    ("IDENTIFY ", re.compile(r"\bIDENTIFY[ \t](?:\S{1,80}[ \t])?(\S{3,200})(?=\r?(?:\n|\Z))")),
)
"""Passwords in the lines of shells, mail and chat, each behind a word that such a line has."""
_KEY_BEGINS, _KEY_ENDS = re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----"), "-----END "
"""A private key, as RFC 7468 writes it."""


_HEADER = re.compile(r"^([A-Za-z][A-Za-z-]{1,40}): ?(?:(?:Bearer|Basic|Token) )?([^\s\0,;]{8,4000})[\r\0]{0,2}$", re.MULTILINE)
"""A header of a request in the body of another, or of a frame of STOMP."""
_SEPARATORS = (",", ";", "\t")
_LONGEST_HEAD = 1000


def _of_a_table(text: str) -> Iterator[tuple[int, int, str]]:
    """The cells of a column that is called a password: users that are brought in as a table (RFC 4180)."""
    head = text[: text.find("\n")].rstrip("\r") if 0 < text.find("\n") < _LONGEST_HEAD else ""
    mark = next((one for one in _SEPARATORS if one in head), "")
    names = [name.strip(' "') for name in head.split(mark)] if mark else []
    columns = [n for n, name in enumerate(names) if name.replace(" ", "").isidentifier() and is_secret_name(name)]
    if not columns or not all(name.replace(" ", "").isidentifier() for name in names):
        return
    position = text.find("\n") + 1
    for line in text[position:].split("\n"):
        cells, at = line.rstrip("\r").split(mark), position
        for n, cell in enumerate(cells):
            if n in columns and len(cells) == len(names) and (plain := cell.strip('"')):
                yield at + cell.find(plain), at + cell.find(plain) + len(plain), names[n]
            at += len(cell) + 1
        position += len(line) + 1


def is_private_key(text: str) -> bool:
    """Whether a text has a private key in it."""
    return "PRIVATE KEY" in text and _KEY_BEGINS.search(text) is not None


def named_secrets(text: str, credentials: bool = False) -> Iterator[tuple[int, int, str]]:
    """Start and end of each value that a password or key is called by, with its name; in order, none overlapping another.

    With `credentials` also what lets its user in for a while: a text that is sent has it, what stands around a value is called so.
    A token that ends like such a name (`…AbcPw=", "`) is none.
    """
    if not 4 <= len(text) <= _LONGEST or not _HINT.search(text):
        return
    found = sorted([*_by_name(text, credentials), *_by_form(text), *secret_arguments(text)])
    position = 0
    for start, end, name in found:
        if start >= position:
            yield start, end, name
            position = end


def _by_name(text: str, credentials: bool) -> Iterator[tuple[int, int, str]]:
    for pair in _PAIRS:
        for match in pair.finditer(text):
            name, value = match["name"], match["value"]
            name = unquote(name) if "%" in name else name
            is_named = is_secret(name, value) or (credentials and is_credential_field(name, value))
            if is_named and not is_drawn(name) and value != name:
                yield match.start("value"), match.end("value"), name


def _by_form(text: str) -> Iterator[tuple[int, int, str]]:
    """What is a secret by what stands around it, without a name."""
    if "://" in text and "@" in text:
        yield from ((*match.span(1), "password") for match in _USER_OF_URL.finditer(text))
    if "PASS" in text:
        yield from ((*match.span(1), "password") for match in _PASS.finditer(text))
    yield from ((start, end, "key") for start, end in keys_in(text) if is_token(text[start:end]))  # no `npm_config_cache_folder`
    for word, pattern in _OF_COMMANDS:
        if word in text:
            yield from ((*match.span(match.lastgroup or 1), "password") for match in pattern.finditer(text))
    for header in _HEADER.finditer(text) if ":" in text and "\n" in text else ():
        if is_credential_header(header[1], header[2]):
            yield *header.span(2), header[1]
    yield from _of_a_table(text)
    for key in _KEY_BEGINS.finditer(text) if "PRIVATE KEY" in text else ():
        end = text.find(_KEY_ENDS, key.end())
        last = text.find("-----", end + len(_KEY_ENDS)) if end >= 0 else -1
        yield key.start(), last + 5 if last >= 0 else len(text), "private_key"


_PACKED_NAME = re.compile(rb"(?i)(?:pass(?:word|wd|phrase|wort|code)?|pwd|secret|api_?key)")
_PACKED = re.compile(rb"(?i)(?:pass(?:word|wd|phrase|wort)|secret|api_?key)[\x00-\x1f\x7f-\xff\"':= ]{1,8}([\x20-\x7e]{4,200})")
"""A password in a binary message: behind its name and what says how long it is."""


def _packed_secrets(data: bytes) -> Iterator[tuple[int, int]]:
    """Passwords of MessagePack and CBOR by how these write texts, else what follows such a name."""
    for name in _PACKED_NAME.finditer(data):
        at = name.end()
        kind, more = data[at : at + 1], data[at + 1 : at + 2]
        if not more:
            continue
        size, first = kind[0] & 31, at + 1
        if kind in (b"\xd9", b"\x78"):
            size, first = more[0], at + 2
        elif not (0xA0 <= kind[0] <= 0xBF or 0x60 <= kind[0] <= 0x77):
            continue
        if size and first + size <= len(data) and _is_text(data[first : first + size]):
            yield first, first + size
    yield from (match.span(1) for match in _PACKED.finditer(data))


def _is_text(data: bytes) -> bool:
    try:
        return data.decode("utf-8").isprintable()
    except UnicodeDecodeError:
        return False


def secrets_in_bytes(data: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each value that a password or key is called by in a file or a binary message."""
    if len(data) > _LONGEST:
        return
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        yield from _packed_secrets(data)
        return
    for start, end, _ in named_secrets(text, credentials=True):
        first = len(text[:start].encode())
        yield first, first + len(text[start:end].encode())
