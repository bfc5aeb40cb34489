"""Data sources: CSV Data Set Config in file order, a shared shuffle for random order."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.backends.jmeter.comments import origin_comment
from loadwright.backends.jmeter.escape import property_text
from loadwright.backends.jmeter.expressions import jsr223
from loadwright.backends.jmeter.flow import flow_action
from loadwright.backends.jmeter.groovy import literal
from loadwright.backends.jmeter.names import Names
from loadwright.backends.jmeter.xml import Element, boolean, string
from loadwright.compiler.plan.model import DataSource, Journey, Plan, Step
from loadwright.compiler.plan.template import DataField, Template, walk
from loadwright.compiler.plan.traverse import request_templates, requests, response_templates


def data_elements(plan: Plan, journey: Journey, names: Names) -> tuple[Element, ...]:
    """What gives each iteration of the journey its row of every data source that it uses."""
    used = {part.data for value in _templates(plan, journey) for part in walk(value) if isinstance(part, DataField)}
    paths = [source.path for source in plan.data]
    return tuple(
        _shuffled(source, names) if source.order == "random" else _data_set(source, names, paths.count(source.path) == 1)
        for source in plan.data
        if source.name in used
    )


def _templates(plan: Plan, journey: Journey) -> Iterator[Template]:
    yield from (variable.value for variable in plan.variables)
    yield from (header.value for header in plan.defaults.headers)
    for expectation in plan.defaults.expectations:
        if expectation.kind == "text" and expectation.value is not None:
            yield expectation.value
        elif expectation.kind == "json" and expectation.equals is not None:
            yield expectation.equals
    for node in journey.nodes:
        for action in node.actions if isinstance(node, Step) else (node,):
            if action.kind == "let":
                yield action.value
    for request in requests(journey):
        yield from (value for value, _ in request_templates(request))
        yield from (value for value, _ in response_templates(request))


def _data_set(source: DataSource, names: Names, only_one: bool) -> Element:
    """Rows in file order; threads of all groups share the position, sources on the same file each have their own."""
    properties = (
        string("filename", property_text(source.path)),
        string("fileEncoding", "UTF-8"),
        string("variableNames", ",".join(names.column(source.name, column) for column in source.columns)),
        boolean("ignoreFirstLine", True),
        string("delimiter", ","),
        boolean("quotedData", True),
        boolean("recycle", source.on_end == "recycle"),
        boolean("stopThread", source.on_end == "stop"),
        string("shareMode", "shareMode.all" if only_one else source.name),
    )
    comment = property_text(origin_comment(source.origin))
    return Element("CSVDataSet", "TestBeanGUI", property_text(f"Data {source.name}"), properties, comment=comment)


def _shuffled(source: DataSource, names: Names) -> Element:
    key = literal(f"{source.name}.rows.")
    again = "rows == null || rows.isEmpty()" if source.on_end == "recycle" else "rows == null"
    puts = [f"vars.put({literal(names.column(source.name, c))}, row[{i}])" for i, c in enumerate(source.columns)]
    lines = [
        "import org.apache.jmeter.save.CSVSaveService",
        "import org.apache.jmeter.services.FileServer",
        "",
        "// All users draw from one shuffled list of rows.",
        "def row = null",
        "synchronized (props) {",
        f"    def key = {key} + vars.get('TESTSTART.MS')",
        "    def rows = props.get(key)",
        f"    if ({again}) {{",
        "        rows = []",
        f"        FileServer.fileServer.getResolvedFile({literal(source.path)}).withReader('UTF-8') {{ reader ->",
        "            for (def next = CSVSaveService.csvReadFile(reader, ',' as char); next.length; ) {",
        "                rows << next",
        "                next = CSVSaveService.csvReadFile(reader, ',' as char)",
        "            }",
        "        }",
        "        rows.remove(0) // the header line",
        "        Collections.shuffle(rows)",
        "        props.put(key, rows)",
        "    }",
        "    if (rows) row = rows.pop()",
        "}",
        "if (row == null) {",
        "    ctx.thread.stop() // no row is left for this user",
        "} else {",
        *(f"    {put}" for put in puts),
        "}",
    ]
    picker = jsr223("PreProcessor", f"Next row of {source.name}", "\n".join(lines), comment=origin_comment(source.origin))
    return flow_action(f"Data {source.name} in random order", (picker,))
