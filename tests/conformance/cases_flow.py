"""Cases about the order in which things are done: conditions, chance, stopping, fragments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from conformance.case import (
    Case,
    Value,
    Wire,
    column,
    fn,
    form,
    form_wire,
    generator,
    json_at,
    let,
    marks,
    ref,
    request,
    step,
    t,
)
from conformance.flow import (
    STOP_ITERATION,
    STOP_USER,
    branches,
    choose,
    compared,
    each,
    every,
    fail,
    if_,
    is_,
    negated,
    repeat,
    shuffle,
    some,
    use,
)
from conformance.server import json

from loadwright.compiler.plan.condition import Condition, compare, holds
from loadwright.compiler.plan.model import DataSource, Fragment, Node, Request, Think
from loadwright.compiler.plan.render import evaluate

_RELATIONS: tuple[tuple[str, str, str], ...] = (
    *(("Abc", relation, right) for relation in ("=", "!=") for right in ("Abc", "abc", "")),
    *(("\u00e9", "=", other) for other in ("e\u0301", "\u00e9")),
    *(("1.0", relation, "1") for relation in ("=", "!=", "<=", ">=", "<")),
    *(("10", relation, "9") for relation in ("<", "<=", ">", ">=", "=")),
    *(("10", relation, "10.00") for relation in ("<", "<=", ">", ">=")),
    *(("-5", relation, "-10") for relation in ("<", ">", "<=")),
    *(("-0", relation, "0") for relation in ("<", ">", "<=", ">=", "=")),
    *(("9007199254740993", relation, "9007199254740992") for relation in (">", "<=", "=")),
    *(("12345678901234567890.1", relation, "12345678901234567890.2") for relation in ("<", ">=")),
    *(("0.1", relation, "0.10000000000000000001") for relation in ("<", ">=")),
    *(
        (odd, relation, "0")
        for odd in ("", " 1", "1 ", "+1", ".5", "5.", "1e3", "\u0663", "1\n", "0x1", "1,5")
        for relation in (">", "<=")
    ),
    *(("0", relation, odd) for odd in ("", "ten", "1e3") for relation in ("<", ">=")),
    *(('say "hi" ${x} \\n \u6f22', "contains", part) for part in ('"hi" ${x}', "\\n", "\u6f22", "", "HI", "x}  ")),
    *(("abc", "starts with", part) for part in ("ab", "", "b", "abcd", "A")),
    *(("abc", "ends with", part) for part in ("bc", "", "b", "zabc", "C")),
    *(("", relation, "") for relation in ("=", "contains", "starts with", "ends with")),
    *(
        ("order-42 paid", "matches", pattern)
        for pattern in (r"\d+", r"^order", r"^paid", r"paid$", r"(?i)PAID", r"o.d.r-(4|5)2", r"^$")
    ),
    *(("a\"b\\c${d}'e", "matches", pattern) for pattern in (r"""a"b\\c\$\{d\}'e""", r"""["'\\]{2}""", '^a"')),
)


def _pairs() -> Case:
    """Every relation, its sides from variables: `y` where the reference says that it holds."""
    nodes: list[Node] = []
    fields: list[tuple[Value, Value]] = []
    verdicts: list[tuple[str, str]] = []
    for number, (left, relation, right) in enumerate(_RELATIONS):
        name = f"rel_{number}"
        nodes += [let(f"{name}_l", left), let(f"{name}_r", right), let(name, "n")]
        second: Value = right if relation == "matches" or number % 2 else ref(f"{name}_r")
        nodes.append(if_(compared(ref(f"{name}_l"), relation, second), let(name, "y")))
        fields.append((f"{number}", ref(name)))
        verdicts.append((f"{number}", "y" if compare(left, relation, right) else "n"))
    return Case("relations", [*nodes, request("POST /verdicts", body=form(*fields))], [form_wire("/verdicts", *verdicts)])


def _logic() -> Case:
    """Conditions of conditions, for all values of three names."""
    a, b, c = is_("lg_a", "1"), is_("lg_b", "1"), is_("lg_c", "1")
    conditions: tuple[Condition, ...] = (
        every(a, b, c),
        some(a, b, c),
        negated(a),
        negated(negated(b)),
        some(every(a, b), c),
        every(some(a, b), c),
        every(a, negated(some(b, c))),
        negated(every(a, some(negated(b), c))),
        some(every(a, negated(b)), every(negated(a), b), every(b, c, negated(a))),
    )
    nodes: list[Node] = []
    wires = []
    for bits in range(8):
        values = {"lg_a": str(bits >> 2), "lg_b": str(bits >> 1 & 1), "lg_c": str(bits & 1)}
        nodes += [let(name, value) for name, value in values.items()]
        for number, condition in enumerate(conditions):
            nodes.append(if_(condition, let(f"lg_{number}", "y"), otherwise=[let(f"lg_{number}", "n")]))
        fields = [(str(number), ref(f"lg_{number}")) for number in range(len(conditions))]
        nodes.append(request(("POST", f"/{bits}"), name=f"bits {bits}", body=form(*fields)))
        found = [(str(n), _verdict(condition, values)) for n, condition in enumerate(conditions)]
        wires.append(form_wire(f"/{bits}", *found))
    return Case("logic", nodes, wires)


def _verdict(condition: Condition, values: Mapping[str, str]) -> str:
    return "y" if holds(condition, lambda value: evaluate(value, values)) else "n"


def _seen(name: str, *parts: Value) -> Request:
    return request(("GET", t("/", *parts)), name=name)


_CONDITIONS = [
    _pairs(),
    _logic(),
    Case(
        "if_else",
        [
            request("GET /state", capture={"ie_state": json_at("$.s")}),
            branches(
                (is_("ie_state", "new"), [_seen("new", "new")]),
                (compared(ref("ie_state"), "starts with", "n"), [_seen("n", "starts-with-n")]),
                (is_("ie_state", "new"), [_seen("never", "never")]),
                (is_("ie_state", 'pa"id'), [_seen("paid", "paid"), if_(is_("ie_state", "x"), _seen("inner", "inner"))]),
                otherwise=[_seen("else", "else")],
            ),
            if_(is_("ie_state", "no"), _seen("alone", "alone")),
            _seen("end", "end"),
        ],
        marks(
            "/state",
            "/new",
            "/end",
            "/state",
            "/starts-with-n",
            "/alone",
            "/end",
            "/state",
            "/paid",
            "/end",
            "/state",
            "/else",
            "/end",
        ),
        {"GET /state": [json(f'{{"s": {text}}}') for text in ('"new"', '"no"', '"pa\\"id"', '"New"')]},
        iterations=4,
    ),
    Case(
        "if_around_steps",
        [
            step("if_around_steps", "login", request("GET /user", capture={"ia_role": json_at("$.role")})),
            if_(
                is_("ia_role", "admin"),
                step("if_around_steps", "admin", _seen("admin", "admin")),
                let("ia_seen", "admin"),
                otherwise=[step("if_around_steps", "guest", _seen("guest", "guest")), let("ia_seen", "guest")],
            ),
            step("if_around_steps", "end", _seen("end", "end/", ref("ia_seen"))),
        ],
        marks("/user", "/admin", "/end/admin", "/user", "/guest", "/end/guest"),
        {"GET /user": [json('{"role": "admin"}'), json('{"role": "user"}')]},
        iterations=2,
        runs=6,
    ),
    Case(
        "if_on_data_and_functions",
        [
            if_(compared(fn("upper", column("if_rows", "kind")), "=", "GOLD"), _seen("gold", "gold/", column("if_rows", "id"))),
            if_(compared(fn("add", column("if_rows", "id"), "1"), ">=", "3"), _seen("big", "big")),
            _seen("end", "end"),
        ],
        marks("/gold/1", "/end", "/big", "/end"),
        iterations=2,
        data=[DataSource(name="if_rows", path="if_rows.csv", columns=("id", "kind"))],
        files={"if_rows.csv": b"id,kind\n1,gold\n2,tin\n"},
    ),
]


def _chosen(case: str, iterations: int, shares: Sequence[tuple[str, Decimal]]) -> list[Wire]:
    wires = []
    for iteration in range(iterations):
        unit, total = generator(case, 0, iteration).unit(), Decimal(0)
        for name, percent in shares:
            total += percent / 100
            if unit < total:
                wires += marks(f"/{name}")
                break
        wires += marks("/end")
    return wires


_SHARES = [("half", Decimal("50")), ("third", Decimal("33.3")), ("rare", Decimal("6.7"))]
_ROUNDS = 14


def _shuffled(case: str, iterations: int) -> list[Wire]:
    wires = []
    for iteration in range(iterations):
        random = generator(case, 0, iteration)
        for node in random.shuffled(["one", "two", "pair", "three"]):
            wires += marks("/first", "/second") if node == "pair" else marks(f"/{node}")
        inner = random.shuffled([1, 2, 3])
        wires += [form_wire("/draw", ("order", "".join(map(str, inner))), ("then", str(random.integer(1, 1000))))]
    return wires


def _inner_shuffle() -> list[Node]:
    nodes = [let("sh_order", ref("sh_order"), str(number)) for number in (1, 2, 3)]
    return [let("sh_order", ""), shuffle(*nodes)]


_CHANCE = [
    Case(
        "choose",
        [choose(*((str(percent), [_seen(name, name)]) for name, percent in _SHARES)), _seen("end", "end")],
        _chosen("choose", _ROUNDS, _SHARES),
        iterations=_ROUNDS,
    ),
    Case(
        "choose_steps",
        [
            choose(
                ("60", [step("choose_steps", "a", _seen("a", "a"))]),
                ("40", [step("choose_steps", "b", choose(("50", [_seen("b1", "b1")]), ("50", [_seen("b2", "b2")])))]),
            )
        ],
        [
            wire
            for iteration in range(_ROUNDS)
            for random in [generator("choose_steps", 0, iteration)]
            for wire in marks("/a" if random.unit() < 0.6 else "/b1" if random.unit() < 0.5 else "/b2")
        ],
        iterations=_ROUNDS,
    ),
    Case(
        "shuffle",
        [
            shuffle(
                _seen("one", "one"),
                _seen("two", "two"),
                repeat("1", _seen("first", "first"), _seen("second", "second")),
                _seen("three", "three"),
            ),
            *_inner_shuffle(),
            request("POST /draw", body=form(("order", ref("sh_order")), ("then", fn("random", "1", "1000")))),
        ],
        _shuffled("shuffle", 6),
        iterations=6,
    ),
    Case(
        "shuffle_steps",
        [shuffle(*(step("shuffle_steps", name, _seen(name, name)) for name in "abc"))],
        [w for i in range(5) for name in generator("shuffle_steps", 0, i).shuffled("abc") for w in marks(f"/{name}")],
        iterations=5,
        runs=15,
    ),
]

_DRAW = fn("random", "1", "100000")
_THINKING = generator("think_draws")
_CHANCE.append(
    Case(
        "think_draws",
        [
            _seen("a", "a/", _DRAW),
            Think(minimum=5, maximum=15),
            _seen("b", "b/", _DRAW),
            Think(minimum=5, maximum=5),
            let("th_unused", _DRAW),
            _seen("c", "c/", _DRAW),
        ],
        marks(
            f"/a/{_THINKING.integer(1, 100000)}",
            f"/b/{[_THINKING.unit(), _THINKING.integer(1, 100000)][1]}",
            f"/c/{[_THINKING.unit(), _THINKING.integer(1, 100000)][1]}",
        ),
    )
)

_ENDS = [
    Case(
        "stop_iteration",
        [
            request("GET /state", capture={"si_s": json_at("$.s")}),
            repeat("2", each("si_i", '["1","2"]', if_(is_("si_s", ref("si_i")), STOP_ITERATION), _seen("item", "i/", ref("si_i")))),
        ],
        marks("/state", "/i/1", "/state", "/i/1", "/i/2", "/i/1", "/i/2", "/end"),
        {"GET /state": [json('{"s": "2"}'), json('{"s": "x"}')]},
        then=[step("stop_iteration", "end", _seen("end", "end"))],
        iterations=2,
        runs=3,
    ),
    Case(
        "stop_iteration_between_steps",
        [
            step("stop_iteration_between_steps", "one", request("GET /s", capture={"sb_s": json_at("$.s")})),
            if_(is_("sb_s", "stop"), STOP_ITERATION),
            step("stop_iteration_between_steps", "two", _seen("two", "two")),
        ],
        marks("/s", "/s", "/two", "/s"),
        {"GET /s": [json(f'{{"s": "{s}"}}') for s in ("stop", "go", "stop")]},
        iterations=3,
        runs=4,
    ),
    Case(
        "stop_user",
        [
            request("GET /state", capture={"su_s": json_at("$.s")}),
            if_(is_("su_s", "gone"), STOP_USER),
            _seen("end", "end"),
        ],
        marks("/state", "/end", "/state"),
        {"GET /state": [json('{"s": "here"}'), json('{"s": "gone"}')]},
        iterations=5,
        runs=2,
        rounds=2,
    ),
    Case(
        "fail",
        [
            request("GET /state", capture={"fa_s": json_at("$.s")}),
            if_(is_("fa_s", "bad"), fail('no "stock" ${x} \\ \u6f22')),
            _seen("end", "end"),
        ],
        marks("/state", "/state", "/end"),
        {"GET /state": [json('{"s": "bad"}'), json('{"s": "fine"}')]},
        iterations=2,
        flows=['no "stock" ${x} \\ \u6f22'],
    ),
    Case(
        "fail_between_steps",
        [
            step("fail_between_steps", "one", request("GET /s", capture={"fb_s": json_at("$.s")})),
            branches((is_("fb_s", "bad"), [repeat("3", fail("between steps"))])),
            step("fail_between_steps", "two", _seen("two", "two")),
        ],
        marks("/s", "/s", "/two"),
        {"GET /s": [json('{"s": "bad"}'), json('{"s": "fine"}')]},
        iterations=2,
        runs=3,
        flows=["between steps"],
        failed_runs=0,
    ),
]

_FRAGMENTS = [
    Case(
        "fragments",
        [
            use("fr_login", "ann", t("p", "w")),
            let("fr_name", "outer"),
            step("fragments", "between", _seen("between", "between/", ref("fr_token")), use("fr_inside", ref("fr_token"))),
            use("fr_login", ref("fr_token"), "x y"),
        ],
        [
            form_wire("/login", ("u", "ann"), ("p", "pw")),
            *marks("/between/t1", "/inside/t1"),
            form_wire("/login", ("u", "t1"), ("p", "x y")),
        ],
        {"POST /login": [json('{"t": "t1"}'), json('{"t": "t2"}')]},
        fragments=[
            Fragment(
                name="fr_login",
                parameters=("fr_user", "fr_password"),
                nodes=(
                    step(
                        "fragments",
                        "login",
                        request(
                            "POST /login",
                            body=form(("u", ref("fr_user")), ("p", ref("fr_password"))),
                            capture={"fr_token": json_at("$.t")},
                        ),
                    ),
                ),
            ),
            Fragment(name="fr_inside", parameters=("fr_x",), nodes=(_seen("inside", "inside/", ref("fr_x")),)),
        ],
        runs=3,
    ),
]

CASES = [*_CONDITIONS, *_CHANCE, *_ENDS, *_FRAGMENTS]
