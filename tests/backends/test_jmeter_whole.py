"""JMX files of any Plan load in JMeter's own loader. Needs JMeter, which is started once."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from whole_plans import plainer, whole_plans

from loadwright.backends.base import Support
from loadwright.backends.jmeter.backend import JMeterBackend
from loadwright.backends.jmeter.escape import property_text
from loadwright.backends.jmeter.groups import main_loop
from loadwright.backends.jmeter.xml import Element, boolean, document, string
from loadwright.compiler.diagnostics import LoadwrightError
from loadwright.compiler.plan.expand import expand
from loadwright.compiler.plan.features import features
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.runtimes.commands import command
from loadwright.compiler.runtimes.locate import require

LOADER = """
new File(props.get('FOLDER')).listFiles().sort().findAll { it.name.endsWith('.jmx') }.each { file ->
    def said
    try {
        def tree = org.apache.jmeter.save.SaveService.loadTree(file)
        said = tree.size() == 1 ? 'loaded' : 'no single root'
    } catch (Throwable failure) {
        said = failure.toString()
    }
    new File(file.path + '.said').text = said
}
"""


def driver() -> str:
    """A plan whose only sampler loads every other."""
    script = Element(
        "JSR223Sampler",
        "TestBeanGUI",
        "Load every plan",
        (string("scriptLanguage", "groovy"), string("script", LOADER), string("cacheKey", "true")),
    )
    loop = main_loop("1")
    group = Element("ThreadGroup", "ThreadGroupGui", "Once", (string("ThreadGroup.num_threads", "1"), loop), (script,))
    return document(
        Element("TestPlan", "TestPlanGui", property_text("Loader"), (boolean("TestPlan.functional_mode", False),), (group,))
    )


def emitted(count: int) -> Iterator[str]:
    """JMX of that many Plans, those that JMeter refuses left out."""
    found: list[str] = []

    @settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
    @given(plan=whole_plans().map(plainer))
    def collect(plan: Plan) -> None:
        capabilities = JMeterBackend().capabilities
        lacks = (f for f, _ in features(expand(plan)) if f not in capabilities or capabilities[f].support is Support.NONE)
        if next(lacks, None) is None:
            try:
                found.append(JMeterBackend().emit(expand(plan))[0].text)
            except LoadwrightError:
                return  # refused with a place: test_sentences holds that

    collect()
    yield from found


def test_a_plan_of_any_kind_loads_in_jmeter_itself(tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    plans.mkdir()
    for index, text in enumerate(emitted(20)):
        (plans / f"plan{index:02}.jmx").write_text(text, encoding="utf-8")
    (plans / "broken.jmx").write_text(
        '<jmeterTestPlan version="1.2"><hashTree><Nothing/></hashTree></jmeterTestPlan>', encoding="utf-8"
    )
    (tmp_path / "driver.jmx").write_text(driver(), encoding="utf-8")
    start = command(require("jmeter"), tmp_path / "driver.jmx", tmp_path, {"FOLDER": str(plans)})
    subprocess.run(start.argv, cwd=start.folder, capture_output=True, timeout=120, check=True)
    said = {path.name: path.with_name(f"{path.name}.said").read_text("utf-8") for path in sorted(plans.glob("*.jmx"))}
    assert said.pop("broken.jmx") != "loaded"
    assert len(said) >= 5
    assert {name: text for name, text in said.items() if text != "loaded"} == {}
