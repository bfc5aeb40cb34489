"""The JMX as a whole: what it holds, what it never holds, and that it is the same each time."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from plan_strategies import plans

from loadwright.backends.base import Support
from loadwright.backends.jmeter.backend import JMeterBackend
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.features import Feature
from loadwright.compiler.plan.model import (
    DataSource,
    Header,
    Journey,
    Load,
    Plan,
    Request,
    Secret,
    Step,
    Stream,
    Target,
    TextBody,
    TextExpectation,
    Variable,
    Workload,
)
from loadwright.compiler.plan.template import DataField, Reference, call, template

CASES = Path(__file__).parent.parent / "cases" / "jmeter"


def _case(name: str) -> Plan:
    spec = importlib.util.spec_from_file_location(f"jmeter_case_{name}", CASES / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.PLAN
    assert isinstance(found, Plan)
    return found


SHOP = _case("shop")
ORDERS = _case("orders")


def emit(plan: Plan, load: str | None = None) -> str:
    return JMeterBackend().emit(plan, load)[0].text


def tree(plan: Plan, load: str | None = None) -> etree._Element:
    return etree.fromstring(emit(plan, load).encode())


@pytest.mark.parametrize(("name", "plan", "load"), [("shop", SHOP, "smoke"), ("shop", SHOP, "peak"), ("orders", ORDERS, "day")])
def test_a_plan_is_written_as_the_case_says(name: str, plan: Plan, load: str) -> None:
    """After a wanted change, write the new files with `python tests/cases/jmeter/write.py` and read their difference."""
    text = emit(plan, load)
    _check_tree(etree.fromstring(text.encode()))
    assert text == (CASES / f"{name}-{load}.jmx").read_text(encoding="utf-8")


def test_a_request_without_a_body_has_an_empty_file_beside_the_plan() -> None:
    assert [(artifact.path, artifact.text) for artifact in JMeterBackend().emit(SHOP)[1:]] == [("no-body", "")]


def test_every_feature_is_declared_and_what_is_approximate_says_how() -> None:
    capabilities = JMeterBackend().capabilities
    assert set(capabilities) == set(Feature)
    approximate = {feature for feature, capability in capabilities.items() if capability.support is not Support.FULL}
    assert approximate == {
        *(Feature.PARALLEL, Feature.RETRY_PARALLEL, Feature.REDIRECTS_FOLLOW, Feature.TLS_VERIFY),
        *(Feature.TLS_CLIENT_CERTIFICATE, Feature.SERVER_SENT_EVENTS),
    }
    assert all(capabilities[feature].note for feature in approximate)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(plans())
def test_any_plan_gives_a_sound_document_or_is_refused_with_its_place(plan: Plan) -> None:
    for load in (None, *(item.name for item in plan.loads)):
        text, refused = _emit_or_refuse(plan, load)
        assert all(d.code.startswith("jmeter-") and d.message and d.hint for d in refused)
        assert bool(text) is not bool(refused)
        if text:
            assert text == emit(plan, load)
            assert "\r" not in text
            _check_tree(etree.fromstring(text.encode()))


def _emit_or_refuse(plan: Plan, load: str | None) -> tuple[str, tuple[Diagnostic, ...]]:
    try:
        return emit(plan, load), ()
    except LoadwrightError as error:
        return "", error.diagnostics


def _check_tree(root: etree._Element) -> None:
    """Elements and hash trees take turns, each element has a class for the GUI, and scripts hold no expression."""
    for tree in root.iter("hashTree"):
        tags = [child.tag for child in tree]
        assert tags[1::2] == ["hashTree"] * (len(tags) // 2)
        if tree.getparent() is not root:
            assert len(tags) % 2 == 0
        assert all(child.get("guiclass") and child.get("testname") is not None for child in list(tree)[::2])
    for script in root.iterfind(".//stringProp[@name='script']"):
        assert "${" not in (script.text or "")
    for tag in ("boolProp", "intProp"):
        assert all("${" not in (prop.text or "") for prop in root.iter(tag))


def test_no_secret_stands_in_the_plan() -> None:
    text = emit(SHOP)
    assert "System.getenv('SHOP_PASSWORD')" in text
    secret = etree.fromstring(text.encode()).xpath("//elementProp[@name='password'][@elementType='Argument']//stringProp/text()")
    assert secret == ["password", "${__groovy(System.getenv('SHOP_PASSWORD'))}", "="]


def test_the_load_of_a_plan_without_one_is_each_journey_once() -> None:
    root = tree(SHOP.model_copy(update={"loads": ()}))
    assert [group.get("testname") for group in root.iter("ThreadGroup")] == ["checkout", "browse"]


def test_a_journey_that_is_loaded_twice_has_two_groups_of_its_name_with_numbers_of_their_own() -> None:
    workload = SHOP.loads[0].workloads[0]
    plan = SHOP.model_copy(update={"loads": (Load(name="twice", workloads=(workload, workload)),)})
    assert [group.get("testname") for group in tree(plan).iter("ThreadGroup")] == ["checkout", "checkout"]
    assert "vars.get('load.checkout.users')" in emit(plan)
    assert "vars.get('load.checkout_1.users')" in emit(plan)


def _one(request: Request, **more: object) -> Plan:
    journey = Journey(name="j", nodes=(Step(name="s", actions=(request,)),))
    return Plan(name="p", targets=(Target(name="t", url="http://127.0.0.1:1"),), journeys=(journey,)).model_copy(update=more)


def _request(url: str, method: str = "GET") -> Request:
    return Request(name="r", method=method, target="t", url=template(url))


def _streaming() -> Plan:
    stream = Stream(protocol="events", name="w", target="t", url=template("/w"))
    return _one(_request("/"), journeys=(Journey(name="j", nodes=(Step(name="s", actions=(stream,)),)),))


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (_one(_request("/", "BREW")), "jmeter-method"),
        (_one(_request("/", "OPTIONS").model_copy(update={"body": TextBody(value=template("x"))})), "jmeter-method"),
        (_one(_request("/a//b", "POST")), "jmeter-double-slash"),
        (_one(_request("/"), targets=(Target(name="t", url="http://a/'+1"),)), "jmeter-target"),
        (_one(_request("/"), secrets=(Secret(name="s", env="A B"),)), "jmeter-secret"),
        (_streaming(), "jmeter-node"),
    ],
)
def test_what_jmeter_cannot_do_is_refused(plan: Plan, code: str) -> None:
    with pytest.raises(LoadwrightError) as raised:
        emit(plan)
    assert [d.code for d in raised.value.diagnostics] == [code]


def test_an_unknown_load_or_journey_is_refused() -> None:
    with pytest.raises(LoadwrightError) as raised:
        emit(SHOP, "heavy")
    assert [d.code for d in raised.value.diagnostics] == ["unknown-load"]
    lost = Load(name="lost", workloads=(Workload(journey="nowhere", model=SHOP.loads[0].workloads[0].model),))
    with pytest.raises(LoadwrightError) as raised:
        emit(SHOP.model_copy(update={"loads": (lost,)}))
    assert [d.code for d in raised.value.diagnostics] == ["unknown-journey"]


def _path(plan: Plan) -> Iterator[str]:
    for sampler in tree(plan).iter("HTTPSamplerProxy"):
        yield sampler.findtext("stringProp[@name='HTTPSampler.path']") or ""


def test_characters_that_the_http_client_refuses_are_percent_encoded() -> None:
    assert list(_path(_one(_request('/a b|"c"?{x}=é%zz&[1]')))) == ["${t}/a%20b%7C%22c%22?%7Bx%7D=%C3%A9%25zz&[1]"]


def test_a_name_beside_which_an_extractor_writes_is_kept_apart() -> None:
    beside = SHOP.variables[0].model_copy(update={"name": "session_g1", "value": template("1")})
    header = Header(name="X-Beside", value=template(Reference(name="session_g1")))
    defaults = SHOP.defaults.model_copy(update={"headers": (*SHOP.defaults.headers, header)})
    plan = SHOP.model_copy(update={"variables": (*SHOP.variables, beside), "defaults": defaults})
    assert "vars.put('session_g1.value', '1')" in emit(plan)


def test_the_machinery_keeps_away_from_names_of_the_plan() -> None:
    body = TextBody(value=template(call("upper", Reference(name="users")), DataField(data="users", column="upper")))
    source = DataSource(name="users", path="u.csv", columns=("upper",))
    variable = Variable(name="users", value=template("v"))
    text = emit(_one(_request("/", "POST").model_copy(update={"body": body}), data=(source,), variables=(variable,)))
    assert "${users.upper.2}${users.upper}<" in text
    assert "vars.put('users.upper.2', vars.get('users').toUpperCase(Locale.ROOT))" in text


def test_journeys_with_like_names_have_loads_of_their_own() -> None:
    journeys = tuple(Journey(name=name, nodes=()) for name in ("a b", "a_b"))
    text = emit(Plan(name="p", journeys=journeys))
    assert "vars.get('load.a_b.users')" in text
    assert "vars.get('load.a_b_1.users')" in text


def test_a_message_hides_a_value_that_is_made_from_a_secret() -> None:
    expected = TextExpectation(relation="contains", value=template("x ", Reference(name="made")))
    request = _request("/").model_copy(update={"expectations": (expected, expected.model_copy(update={"negated": True}))})
    made = Variable(name="made", value=template("a", Reference(name="key")))
    text = emit(_one(request, secrets=(Secret(name="key", env="KEY"),), variables=(made,)))
    assert "'text: body does not contain \"' + '…\"'" in text
    assert 'text: body contains "…"' in text
