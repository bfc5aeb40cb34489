"""Data sources: CSV Data Set Config where rows are taken in order by all users together, else rows that Groovy reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.resources import files

from loadwright.backends.jmeter.comments import origin_comment
from loadwright.backends.jmeter.escape import property_text
from loadwright.backends.jmeter.expressions import jsr223
from loadwright.backends.jmeter.groovy import literal, script
from loadwright.backends.jmeter.names import Names
from loadwright.backends.jmeter.settings import environment
from loadwright.backends.jmeter.xml import Element, boolean, string
from loadwright.compiler.plan.model import DataSource, Journey, Plan
from loadwright.compiler.plan.needs import journey_templates, needed_variables
from loadwright.compiler.plan.template import DataField, walk


def used_sources(plan: Plan, journey: Journey) -> tuple[DataSource, ...]:
    """The data sources of which the journey uses columns, in the Plan's order."""
    values = [*journey_templates(plan, journey), *(variable.value for variable in needed_variables(plan, journey))]
    used = {part.data for value in values for part in walk(value) if isinstance(part, DataField)}
    return tuple(source for source in plan.data if source.name in used)


def is_native(source: DataSource) -> bool:
    """Whether a CSV Data Set Config takes the rows as is meant; its file's name stands as an argument of a function."""
    plain = re.fullmatch(r"[\w./-]+", source.path, re.ASCII) and re.fullmatch(r"[\w-]+", source.name, re.ASCII)
    return bool(plain) and source.format == "csv" and source.order == "sequential" and source.rows == "per run"


def rows_name(source: DataSource) -> str:
    """The property that holds the rows of a source."""
    return f"load.data.{source.name}"


def data_sets(plan: Plan, journey: Journey, names: Names) -> tuple[Element, ...]:
    """The CSV Data Set Configs of a journey's sources."""
    paths = [source.path for source in plan.data]
    return tuple(_data_set(source, names, paths.count(source.path) == 1) for source in used_sources(plan, journey))


def _data_set(source: DataSource, names: Names, only_one: bool) -> Element:
    """Rows in file order; threads of all groups share the position, sources on the same file each have their own."""
    properties = (
        string("filename", _file(source)),
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


def _file(source: DataSource) -> str:
    """The source's file, or the one that holds this process's rows of it."""
    return "${__P(" + f"{rows_name(source)}.file,{source.path}" + ")}"


def share_data(sources: Sequence[DataSource]) -> Iterator[Element]:
    """What gives each of several processes its own rows of the sources that CSV Data Set Configs take."""
    if not sources:
        return
    paths = [f"{literal(rows_name(source) + '.file')}: {literal(source.path)}" for source in sources]
    lines = [_resource("share.groovy").replace("FILES", f"[{', '.join(paths)}]"), "SampleResult.setIgnore() // nothing to report"]
    yield jsr223("Sampler", "Rows of this process", "\n".join(lines))


def _resource(name: str) -> str:
    return (files("loadwright.backends.jmeter") / name).read_text("utf-8").rstrip("\n")


def read_data(sources: Sequence[DataSource]) -> Iterator[Element]:
    """What reads the rows of the sources that no CSV Data Set Config takes."""
    if not sources:
        return
    shard = f"(props.get('LOADWRIGHT_SHARD') ?: {environment('LOADWRIGHT_SHARD')} ?: '1/1')"
    lines = [
        _resource("rows.groovy"),
        "",
        f"def (shard, shards) = {shard}.split('/')*.toInteger()",
    ]
    for source in sources:
        reader = "jsonRows" if source.format == "json" else "csvRows"
        columns = f", [{', '.join(map(literal, source.columns))}]" if source.format == "json" else ""
        options = f"{literal(source.rows)}, {'true' if source.on_end == 'recycle' else 'false'}"
        rows = f"{reader}({literal(source.path)}{columns})"
        if source.order == "shuffled":
            key = f"vars.get('load.random.seed') + {literal(f':data:{source.name}')}"
            rows = f"props.get('randomNumbers').call({key}).shuffled({rows})"
        lines.append(
            f"props.put({literal(rows_name(source))}, new Rows({rows}, {literal(source.order)}, {options}, shard, shards))"
        )
    lines.append("SampleResult.setIgnore() // nothing to report")
    yield jsr223("Sampler", "Read the data", script(lines), comment=origin_comment(sources[0].origin))
