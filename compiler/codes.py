"""Every code that a diagnostic of the language can carry, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field


class Code(StrEnum):
    """The codes of reading and checking an intent."""

    UNREADABLE = "unreadable-file"
    SYNTAX = "syntax"
    BAD_ESCAPE = "bad-escape"
    BAD_NUMBER = "bad-number"
    DUPLICATE = "duplicate"
    NO_TITLE = "no-title"
    UNDEFINED = "undefined-name"
    RESERVED = "reserved-name"
    UNKNOWN_TARGET = "unknown-target"
    UNKNOWN_JOURNEY = "unknown-journey"
    UNKNOWN_COLUMN = "unknown-column"
    UNKNOWN_GOAL = "unknown-goal-subject"
    UNKNOWN_FUNCTION = "unknown-function"
    BAD_ARGUMENT = "bad-argument"
    BAD_FILE = "bad-file"
    BAD_DATA = "bad-data-file"
    BAD_URL = "bad-url"
    BAD_HEADER = "bad-header"
    BAD_ENV = "bad-environment-name"
    BAD_PATTERN = "bad-pattern"
    BAD_JSON_PATH = "bad-json-path"
    BAD_SELECTOR = "bad-selector"
    BAD_JSON = "bad-json"
    BAD_STATUS = "bad-status"
    BAD_RANGE = "bad-range"
    BAD_LOAD = "bad-load"
    UNBOUNDED = "unbounded-loop"
    IMPORT_CYCLE = "import-cycle"
    BAD_DOCUMENT = "bad-document"
    NOT_IMPORTED = "not-imported"
    POSSIBLY_UNSET = "possibly-unset"
    SHADOWED = "shadowed-name"
    AMBIGUOUS = "ambiguous-name"
    UNREACHABLE = "unreachable"
    CONSTANT = "constant-check"
    IDLE = "idle-option"
    NESTED_STEP = "nested-step"
    OUTSIDE_STEP = "outside-step"
    UNKNOWN_FRAGMENT = "unknown-fragment"
    BAD_USE = "bad-use"
    RECURSION = "fragment-recursion"
    BAD_EXPECTATION = "bad-expectation"
    BAD_SCHEMA = "bad-schema"
    BAD_XPATH = "bad-xpath"
    BAD_GRAPHQL = "bad-graphql"
    BAD_STREAM = "bad-stream"
    BAD_SHARES = "bad-shares"
    BAD_GOAL = "bad-goal"
    SLOW_PATTERN = "slow-pattern"
    UNUSED = "unused-name"
    UNUSED_CAPTURE = "unused-capture"
    SECRET_SHOWN = "secret-in-url"
    NOTHING_SENT = "nothing-sent"


class Explanation(Struct, frozen=True):
    """What a code means: a title, why it matters and what to do, a text that has exactly this finding, and what to write."""

    title: str
    text: str
    example: str = ""
    instead: str = ""
    """The example put right; it has no finding."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The files beside the example."""
    backend: str = ""
    """The backend that has the finding when the example is compiled to it; empty when `loadwright check` has it."""
    tested: str = ""
    """The file with the tests that show the finding, for a code that no text alone can have."""


_USERS = 'data users from csv "users.csv"\n'
_SHOP = 'intent "Shop"\ntarget shop = "https://shop.example.com"\n'


def _in_request(item: str, declared: str = "") -> str:
    return f'{_SHOP}{declared}journey buy {{\n  step "Open" {{\n    POST "/cart" {{\n      {item}\n    }}\n  }}\n}}\n'


def _poll(bound: str) -> str:
    job = 'GET "/job" { capture state = json "$.state" }'
    loop = f'while state != "done", {bound} {{\n      {job}\n    }}'
    return f'{_SHOP}journey buy {{\n  step "Poll" {{\n    {job}\n    {loop}\n  }}\n}}\n'


EXPLANATIONS: dict[Code, Explanation] = {
    Code.UNREADABLE: Explanation(
        "the file cannot be read",
        "It is missing, is a folder, or is not UTF-8 text.",
        tested="tests/language/test_check.py",
    ),
    Code.SYNTAX: Explanation(
        "the text is outside the grammar",
        "The message says what would have fitted at that place. docs/language.md shows every form.",
        _in_request("expects status 200"),
        _in_request("expect status 200"),
    ),
    Code.BAD_ESCAPE: Explanation(
        "a backslash in quotes is followed by something that is no escape",
        'Escapes are `\\"`, `\\\\`, `\\n`, `\\r`, `\\t`, `\\$` and `\\u{1F600}`. A backslash itself is written `\\\\`.',
        'intent "C:\\dir"\n',
        'intent "C:\\\\dir"\n',
    ),
    Code.BAD_NUMBER: Explanation(
        "a number is out of range or has the wrong unit",
        "Durations take `ms`, `s`, `m` or `h`, rates `/s`, `/m` or `/h`, shares `%`; counts start at 1.",
        _in_request("timeout 30"),
        _in_request("timeout 30s"),
    ),
    Code.DUPLICATE: Explanation(
        "something is given twice",
        "Targets, secrets, data and variables share one space of names; steps, journeys and loads each have their own. A request "
        "has one body, one timeout and one `redirects`.",
        f'{_SHOP}target shop = "https://other.example.com"\njourney buy {{ step "Open" {{ GET "/" }} }}\n',
        f'{_SHOP}target other = "https://other.example.com"\njourney buy {{ step "Open" {{ GET "/a"; GET other "/b" }} }}\n',
    ),
    Code.NO_TITLE: Explanation(
        'the text has no `intent "…"`',
        "The title names the test in every report, so it is required.",
        'target shop = "https://shop.example.com"\njourney buy { step "Open" { GET "/" } }\n',
        f'{_SHOP}journey buy {{ step "Open" {{ GET "/" }} }}\n',
    ),
    Code.UNDEFINED: Explanation(
        "a name is used that has no value there",
        "A name gets its value from a `target`, `secret`, `data` or `let`, or from a `capture` of an earlier request. Captures of "
        "a `parallel` group can be used after the group.",
        _in_request("form { item = item_id }"),
        _in_request("form { item = item_id }", 'let item_id = "4711"\n'),
    ),
    Code.RESERVED: Explanation(
        "`true`, `false` and `null` cannot be names",
        "They are JSON's constants; a value of that name could not be told from them.",
        _in_request("form { note = null }", 'let null = "x"\n'),
        _in_request("form { note = nothing }", 'let nothing = "x"\n'),
    ),
    Code.UNKNOWN_TARGET: Explanation(
        "a request names a target that is not declared",
        'Declare it: `target NAME = "https://…"`. A path needs a target; without one, write an absolute URL.',
        f'{_SHOP}journey buy {{ step "Open" {{ GET "/a"; GET api "/b" }} }}\n',
        f'{_SHOP}target api = "https://api.example.com"\njourney buy {{ step "Open" {{ GET "/a"; GET api "/b" }} }}\n',
    ),
    Code.UNKNOWN_JOURNEY: Explanation(
        "a load names a journey that is not declared",
        "A load says how often each journey runs; its names are those of `journey` blocks.",
        f'{_SHOP}journey buy {{ step "Open" {{ GET "/" }} }}\nload peak {{ bye: 1 user, 1 iteration }}\n',
        f'{_SHOP}journey buy {{ step "Open" {{ GET "/" }} }}\nload peak {{ buy: 1 user, 1 iteration }}\n',
    ),
    Code.UNKNOWN_COLUMN: Explanation(
        "the data file has no such column",
        "Columns are named in the first line of the CSV file.",
        _in_request("form { name = users.nmae }", _USERS),
        _in_request("form { name = users.name }", _USERS),
        files={"users.csv": "name,city\nAnn,Bern\n"},
    ),
    Code.UNKNOWN_GOAL: Explanation(
        "a goal speaks of a step or request that is not there",
        'The name after `of` is that of a step, or of a request as reports show it: its `as "…"`, else method and path.',
        f'{_SHOP}journey buy {{ step "Open" {{ GET "/" }} }}\ngoals {{ p95 of "Opne" < 1s }}\n',
        f'{_SHOP}journey buy {{ step "Open" {{ GET "/" }} }}\ngoals {{ p95 of "Open" < 1s }}\n',
    ),
    Code.UNKNOWN_FUNCTION: Explanation(
        "there is no such function",
        "docs/language.md lists all functions.",
        _in_request('form { item = "a" | urlencod }'),
        _in_request('form { item = "a" | urlencode }'),
    ),
    Code.BAD_ARGUMENT: Explanation(
        "a function is called with the wrong arguments",
        "The hint shows how it is called. Before `|` stands the first argument.",
        _in_request("form { item = random(1) }"),
        _in_request("form { item = random(1, 6) }"),
    ),
    Code.BAD_FILE: Explanation(
        "a file that the test needs cannot be used",
        "Paths are relative to the intent file and stay inside its folder, so that the test can be moved as one folder.",
        _in_request('file "../photo.png"'),
        _in_request('file "photo.png"'),
        files={"photo.png": "PNG"},
    ),
    Code.BAD_DATA: Explanation(
        "a data file is not usable CSV",
        "The first line names the columns, each once; then at least one row.",
        _in_request("form { name = users.name }", _USERS.replace("users.csv", "twice.csv")),
        _in_request("form { name = users.name }", _USERS),
        files={"twice.csv": "name,name\nAnn,Bob\n", "users.csv": "name,city\nAnn,Bern\n"},
    ),
    Code.BAD_URL: Explanation(
        "a URL cannot be sent as it stands",
        "A path starts with `/`; everything else is absolute and starts with `http://`, `https://` or a value. URLs are written as "
        "they are sent: percent-encoded, without spaces.",
        f'{_SHOP}journey buy {{ step "Open" {{ GET "/"; GET "cart" }} }}\n',
        f'{_SHOP}journey buy {{ step "Open" {{ GET "/"; GET "/cart" }} }}\n',
    ),
    Code.BAD_HEADER: Explanation(
        "a header's name or value cannot be sent",
        "Names are letters, digits and `-` (RFC 9110 token); values hold no control characters.",
        _in_request('header "My Header" = "x"'),
        _in_request('header "My-Header" = "x"'),
    ),
    Code.BAD_ENV: Explanation(
        "this is no name of an environment variable",
        "Letters, digits and `_`, not starting with a digit.",
        _in_request('header "X-Key" = key', 'secret key from env "MY KEY"\n'),
        _in_request('header "X-Key" = key', 'secret key from env "MY_KEY"\n'),
    ),
    Code.BAD_PATTERN: Explanation(
        "a regular expression is invalid or does not mean the same on every runtime",
        "Python, JavaScript and Jakarta ORO must agree. Groups are `(…)`, `(?:…)`, `(?=…)` and `(?!…)`; there is no lookbehind, no "
        "named group, no possessive quantifier, no `\\p{…}`, no `\\Q…\\E` and no inline flag.",
        _in_request("expect body matches /(?<=a)b/"),
        _in_request("expect body matches /ab/"),
    ),
    Code.BAD_JSON_PATH: Explanation(
        "a JSONPath is outside the subset",
        "Paths are `$` followed by `.name`, `['name']`, `[0]`, `[1:3]`, `[*]`, `..name` or `[?@.name == 'text']`.",
        _in_request('expect json "order.id" exists'),
        _in_request('expect json "$.order.id" exists'),
    ),
    Code.BAD_SELECTOR: Explanation(
        "a CSS selector is invalid",
        "Selectors are those of CSS: `input[name=csrf]`, `form#login > input`.",
        f'{_SHOP}journey buy {{\n  step "Open" {{\n    GET "/" {{ capture a = css "a[" }}\n    GET "/${{a}}"\n  }}\n}}\n',
        f'{_SHOP}journey buy {{\n  step "Open" {{\n    GET "/" {{ capture a = css "a" @href }}\n    GET "/${{a}}"\n  }}\n}}\n',
    ),
    Code.BAD_JSON: Explanation(
        "`number(…)` holds text that is no JSON number",
        "`number(x)` puts a value in without quotes; fixed text in it has to be a number already.",
        _in_request('json { n: number("abc") }'),
        _in_request('json { n: number("12") }'),
    ),
    Code.BAD_STATUS: Explanation(
        "this is no HTTP status",
        "Statuses go from 100 to 599.",
        _in_request("expect status 20"),
        _in_request("expect status 200"),
    ),
    Code.BAD_RANGE: Explanation(
        "a range runs backwards",
        "The smaller value comes first.",
        f'{_SHOP}journey buy {{ step "Open" {{ GET "/" }} think 5s to 2s }}\n',
        f'{_SHOP}journey buy {{ step "Open" {{ GET "/" }} think 2s to 5s }}\n',
    ),
    Code.BAD_LOAD: Explanation(
        "a load's numbers contradict each other",
        "The ramp is part of the duration, a rate is more than zero, and users stop after iterations or a time.",
        f'{_SHOP}journey buy {{ step "Open" {{ GET "/" }} }}\nload peak {{ buy: 5/s for 1m, ramp 2m }}\n',
        f'{_SHOP}journey buy {{ step "Open" {{ GET "/" }} }}\nload peak {{ buy: 5/s for 2m, ramp 1m }}\n',
    ),
    Code.UNBOUNDED: Explanation(
        "a loop has no bound",
        "A condition that never comes true would keep its users in the loop for ever, and the run would measure nothing else. Say "
        "how often the loop runs at most.",
        _poll("every 1s"),
        _poll("every 1s, at most 10"),
    ),
    Code.BAD_DOCUMENT: Explanation(
        "a document in YAML or JSON has something that an intent does not have",
        "A member is unknown, missing or of the wrong type. `loadwright schema intent` prints the schema; an editor that knows it "
        "completes and checks each member.",
        tested="tests/language/test_findings.py",
    ),
    Code.IMPORT_CYCLE: Explanation(
        "a file imports itself, perhaps by way of others",
        "It would have to be read before itself. Move what both files need into a file of its own, and import that.",
        _in_request("expect status 200", 'import "loop.intent"\n'),
        _in_request('header "X-Region" = region', 'import "shared.intent"\n'),
        files={"loop.intent": 'import "loop.intent"\n', "shared.intent": 'let region = "eu"\n'},
    ),
    Code.NOT_IMPORTED: Explanation(
        "an import does not take everything of a file",
        "Loads, goals and defaults belong to the intent that is run: they would change what its requests mean. Targets, secrets, "
        "data, variables, fragments and journeys are taken.",
        _in_request("expect status 200", 'import "goals.intent"\n'),
        _in_request('header "X-Region" = region', 'import "shared.intent"\n'),
        files={"goals.intent": "goals { p95 < 1s }\n", "shared.intent": 'let region = "eu"\n'},
    ),
    Code.UNUSED_CAPTURE: Explanation(
        "a captured value is never used",
        "It still makes the request fail when it is missing; say `expect …` if that is the point, or delete it.",
        _in_request('capture id = json "$.id"'),
        _in_request('expect json "$.id" exists'),
    ),
    Code.SECRET_SHOWN: Explanation(
        "a secret is part of a URL",
        "URLs stand in the logs of servers, proxies and load tools. Send the secret in a header or body.",
        f'{_SHOP}secret key from env "KEY"\njourney buy {{ step "Open" {{ GET "/?key=${{key}}" }} }}\n',
        _in_request('header "X-Key" = key', 'secret key from env "KEY"\n'),
    ),
    Code.NOTHING_SENT: Explanation(
        "a journey sends no request",
        "Such a journey puts no load on anything, and its iterations would spin.",
        f'{_SHOP}journey buy {{ step "Open" {{ GET "/" }} }}\njourney look {{ think 1s }}\n',
        f'{_SHOP}journey buy {{ step "Open" {{ GET "/" }} }}\njourney look {{ step "Look" {{ GET "/a" }} think 1s }}\n',
    ),
}
"""The explanation of each code; every example is checked to have exactly its finding."""
