"""Names that say of a value that it is a password, a key or a credential, in whatever way they are spelled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from loadwright.compiler.agents.names import plain_name

_AT_THE_END = re.compile(
    r"passw(?:ord|d)?$|pass(?:phrase|code)?$|^pwd?$|otp$|secret(?!ar|e|ion)(?![\s_-]?(?:name|type|namespace|ref|version|arn|path)$)|"
    r"api[-_]?key|credential",
    re.IGNORECASE,
)
_NO_PASS = re.compile(r"(?:by|com|en|im|over|sur|tres|under)pass$", re.IGNORECASE)
"""English words that end so."""
_PIN = re.compile(
    r"(?:^|[^a-z])(?:pin|m?tan)$|(?:PIN|Pin|TAN|Tan)$|(?:atm|card|chip|login|my|new|old|photo|push|sim|sms|user)(?:pin|tan)$"
)
"""What may stand on a map, too."""
_ANYWHERE = re.compile(
    r"passw(?:or)?[dt]|passord|pass(?:phrase|code)|pwd|codeword|(?:contrasen|contrasenya|clavesecreta|clave(?:de)?acceso)|motdepasse|wachtwoord|"
    r"kennwort|geheimzahl|losenord|salasana|adgangskode|kodeord|palavra(?:passe|chave)|jelszo|lozinka|slaptazodis|matkhau|katasandi|"
    r"(?:challenge|recovery|secret|security)(?:question)?answer|codigode?seguridad|(?:sicherheits|zugangs)code|"
    r"(?:mfa|2fa|otp|twofactor|security|sms|verification|recovery|backup|unlock|access)code|authcode$|"
    r"(?:access|account|activation|auth|backup|encryption|hmac|licen[cs]e|master|preshared|private|service|shared|signing|storage|"
    r"subscription)key$|clientkeydata$|(?:recovery|seed)phrase|communitystring|(?:bind|db|ldap|mail|root|smtp|user)pw$|motpasse"
)
"""In names without case and separators: `password_confirmation`, `txtPassword1`, `Subscription-Key`."""
_OTHER_SCRIPTS = re.compile(
    "密码|密碼|口令|パスワード|暗証番号|비밀번호|암호|парол|лозинк|пін-?код|пин-?код|συνθηματικ|κωδικός πρόσβασης|סיסמ[הא]|"
    "كلمة المرور|كلمة السر|पासवर्ड|รหัสผ่าน"
)
_WORDS_OF_SECRETS = frozenset(
    (
        "pw",
        "psk",
        "psw",
        "pswd",
        "mdp",
        "otp",
        "totp",
        "cvv",
        "cvc",
        "cvn",
        "csc",
        "senha",
        "haslo",
        "parola",
        "parool",
        "heslo",
        "geslo",
        "sifre",
        "parol",
    )
)
_ALONE = frozenset(("clave", "nuevaclave", "clavenueva", "repetirclave", "losung", "wachtwrd"))
"""Words that mean other things too, beside others."""
_BESIDE_PASS = frozenset(
    (
        *(
            "login",
            "user",
            "wp",
            "new",
            "old",
            "confirm",
            "again",
            "repeat",
            "field",
            "input",
            "box",
            "text",
            "txt",
            "b",
            "base",
            "hash",
        ),
        *("md", "sha", "enc", "plain"),
    )
)
_ABOUT = re.compile(
    r"reset|forg[eo]t|polic|length|strength|score|chang|expir|requir|hint|visib|toggle|enabl|protect|rule|algorithm|label|title|"
    r"placeholder|error|message|valid|status|manager|question"
)
"""What is told of a password, rather than one: `passwordPolicy`."""
_ABOUT_WORDS = frozenset(
    (
        *("is", "has", "use", "show", "with", "need", "min", "max", "age", "id", "ids", "at", "on", "url", "uri", "link", "name"),
        *("type", "mode", "count", "date", "time", "file", "path", "level", "format", "rate", "stdin"),
    )
)
_CREDENTIAL = re.compile(
    r"(?:access|api|auth(?:entication|orization)?|bearer|bot|device|id|login|personal|private|push|refresh|security|session|user)token$|"
    r"session(?:id|key)$|sessid$|codeverifier$|functionskey$|^(?:bearer|jwt|xauth)$|^(?:client)?assertion$"
)
_SCHEME = re.compile(r"(?:Basic|Bearer|Token|ApiKey) \S{8}", re.IGNORECASE)
_CREDENTIAL_HEADER = re.compile(
    r"^(?:proxy-)?authorization$|(?:^|[-_])(?:auth|jwt|session(?:[-_]?id)?|ticket|token)$|sessid$|"
    r"(?:access|account|admin|api|app|application|client|consumer|developer|functions?|master|private|service|user)[-_]?key$",
    re.IGNORECASE,
)
_LINKED_ONCE = re.compile(r"activat|confirm|invit|magic|reset|verif|\b(?:2fa|mfa|totp|two-?factor)\b", re.IGNORECASE)
_ONE_TIME = frozenset(("code", "key", "otp", "ticket", "token"))
_KEYS = (
    r"(?:[spr]k_(?:live|test)_|gh[opsu]_|github_pat_|glpat-|xox[abcprs]-|SG\.|shp(?:at|ss)_|hf_|npm_|dop_v1_|pypi-|ATATT3x|"
    r"sk-(?:proj|ant|svcacct)-|pat-[a-z]{2}\d-)[\w.=-]{16,255}|"
    r"A[KS]IA[A-Z0-9]{16}|AIza[\w-]{35}|(?:bot)?\d{8,10}:AA[\w-]{33}"
)
_KEY_FORM = re.compile(_KEYS + r"|eyJ[\w-]{8,}\.eyJ[\w-]+\.[\w-]*")
"""Keys whose makers gave them a form by which they are found (Stripe, GitHub, Slack, AWS, Google, Telegram), and JWTs."""
_KEY_IN_TEXT = re.compile(rf"(?<![\w/+=.-])(?:{_KEYS})(?![\w/+=-])")
_KEY_MARKS = re.compile(
    r"([spr]k_(?:live|test)_|gh[opsu]_|github_pat_|glpat-|xox[abcprs]-|SG\.|shp(?:at|ss)_|hf_|npm_|dop_v1_|pypi-|ATATT3x|"
    r"sk-(?:proj|ant|svcacct)-|pat-[a-z]{2}\d-|A[KS]IA|AIza)|(bot)?\d{8,10}(:AA)"
)
"""What of such a key is not drawn."""
_SIGNATURE = re.compile(r"(?:^|[-_])sig(?:nature)?$", re.IGNORECASE)
_FLAGS = frozenset(("", "0", "1", "true", "false", "null", "none", "undefined", "on", "off", "yes", "no"))
_STROKES = str.maketrans("łŁøØđĐı", "lLoOdDi")
"""Letters with a mark that Unicode does not take apart."""
_NO_PIN = re.compile(r".{1,2}|-?\d{1,3}\.\d+[, ]{1,3}-?\d{1,3}\.\d+|#[0-9A-Fa-f]{3,8}|https?://.*|[^\r\n]*\w, \w.*", re.DOTALL)
"""What a pin is on a map or a board: a place, a colour, a link, a sentence."""
_CARD = re.compile(
    r"(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6\d{3}|3[0-9]\d\d)[ -]?(?:\d{4}[ -]?\d{4}[ -]?\d{1,4}|\d{6}[ -]?\d{4,5})(?:[ -]?\d{3})?"
)
_CARD_NAME = re.compile(r"card|kart|carte|tarjeta|^cc|_cc|\bpan$|^num(?:ber)?$|\[num(?:ber)?\]$", re.IGNORECASE)
_SHORTEST_CARD = 13
_WALLET_NAME = re.compile(r"mnemonic|seed", re.IGNORECASE)
_WORDS_OF_WALLET = 12
"""As many words open a wallet, or more (BIP 39)."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_STATES = frozenset(("disabled", "inactive", "required", "optional", "anonymous", "undefined"))
"""What a header says of whether there is a session or key, rather than which: `X-Shop-Session: disabled`."""
_SHORTEST_CREDENTIAL, _SHORTEST_ONE_TIME, _LONG_NUMBER = 8, 6, 12


@lru_cache(maxsize=8192)
def is_secret_name(name: str) -> bool:
    """Whether a field of this name holds a password or key (`user[password]`, `password2`, `passwordConfirmation`, `Kennwort`)."""
    plain = plain_name(name)
    if (_AT_THE_END.search(plain) and not _NO_PASS.search(plain)) or _PIN.search(plain):
        return True
    if not name.isascii() and _OTHER_SCRIPTS.search(name.lower()):
        return True
    words = [word.lower() for word in _WORD.findall(_without_accents(name))]
    if not words:
        return False
    folded = "".join(words)
    if folded in _ALONE:
        return True
    found = _ANYWHERE.search(folded)
    if found is None:
        others = {word for word in words if word != "pass" and not word.isdigit()}
        return not _WORDS_OF_SECRETS.isdisjoint(words) or ("pass" in words and others <= _BESIDE_PASS)
    around = folded[: found.start()] + " " + folded[found.end() :]
    return _ABOUT.search(around) is None and _ABOUT_WORDS.isdisjoint(words)


def is_secret(name: str, value: str) -> bool:
    """Whether a field holds a password, a key or the number of a card by its name and value."""
    if is_secret_name(name):
        return may_be_secret(value) and (_NO_PIN.fullmatch(value) is None or not _PIN.search(plain_name(name)))
    if value.count(" ") >= _WORDS_OF_WALLET - 1 and _WALLET_NAME.search(name):
        return True
    return value[-1:].isdigit() and len(value) >= _SHORTEST_CARD and _CARD_NAME.search(name) is not None and is_card_number(value)


def may_be_secret(value: str) -> bool:
    """Whether a value may be a password: a field called so may also hold whether there is one (`true`)."""
    return value.strip().lower() not in _FLAGS


@lru_cache(maxsize=1024)
def is_card_number(value: str) -> bool:
    """Whether digits are the number of a payment card: a known first digit, and the check digit of ISO/IEC 7812."""
    if not _CARD.fullmatch(value):
        return False
    digits = [int(digit) for digit in value if digit.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_credential_field(name: str, value: str) -> bool:
    """Whether a field holds by its name what lets its user in (`access_token`, `sessionId`), whatever the value looks like."""
    if len(value) < _SHORTEST_CREDENTIAL or (value.isdigit() and len(value) < _LONG_NUMBER):
        return False  # the number of a session that people meet in
    if name.lower() == "authorization":
        return _SCHEME.match(value) is not None
    return _is_credential_name(name)


def is_credential_header(name: str, value: str) -> bool:
    """Whether a header holds by its name what lets its sender in, whatever the value looks like: `X-Functions-Key`."""
    if len(value) < _SHORTEST_CREDENTIAL or " " in value or value.lower() in _STATES:
        return False
    return _CREDENTIAL_HEADER.search(name) is not None


def is_one_time(name: str, value: str, path: str) -> bool:
    """Whether a value is what a link holds that is sent to one user to be followed once: `/reset-password?token=…`."""
    return name.lower() in _ONE_TIME and len(value) >= _SHORTEST_ONE_TIME and _LINKED_ONCE.search(path) is not None


def has_form_of_key(name: str, value: str) -> bool:
    """Whether a value is a key by its form, or what a signed URL is signed with."""
    return _KEY_FORM.fullmatch(value) is not None or _SIGNATURE.search(name) is not None


def keys_in(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each key in a text that is one by its form."""
    yield from (match.span() for match in _KEY_IN_TEXT.finditer(text))


def key_marks(value: str) -> list[tuple[int, int]]:
    """Start and end of what says of a key who made it; of other values nothing does."""
    marks = _KEY_MARKS.match(value) if _KEY_FORM.fullmatch(value) else None
    return [marks.span(n) for n in (1, 2, 3) if marks[n]] if marks else []


@lru_cache(maxsize=8192)
def _is_credential_name(name: str) -> bool:
    return _CREDENTIAL.search(re.sub(r"[^a-z0-9]", "", plain_name(name).lower())) is not None


def _without_accents(name: str) -> str:
    return name if name.isascii() else unicodedata.normalize("NFKD", name.translate(_STROKES)).encode("ascii", "ignore").decode()
