"""Data that is for one user each has enough rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from loadwright.compiler.codes import Code
from loadwright.compiler.data_files import BadDataError, count_rows
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, warning
from loadwright.compiler.plan.expand import expand
from loadwright.compiler.plan.model import DataSource, Journey, LoadModel, Plan
from loadwright.compiler.plan.needs import journey_templates, needed_variables
from loadwright.compiler.plan.profile import arrivals, highest, is_open, workloads
from loadwright.compiler.plan.template import DataField, walk


def check_rows(context: Context) -> Iterator[Diagnostic]:
    """`rows unique per user` with 3 rows and 50 users: a warning."""
    unique = [source for source in context.plan.data if source.rows == "unique per user"]
    if context.folder is None or not unique or not context.plan.loads:
        return
    plan = expand(context.plan)
    using = {journey.name: _sources(plan, journey) for journey in plan.journeys}
    for source in unique:
        try:
            rows = count_rows(context.folder, source.path, source.format)
        except BadDataError:
            continue  # which is told where the file is read
        yield from _too_few(context, source, rows, using)


def _sources(plan: Plan, journey: Journey) -> set[str]:
    """The data sources that a journey uses."""
    values = [*journey_templates(plan, journey), *(variable.value for variable in needed_variables(plan, journey))]
    return {part.data for value in values for part in walk(value) if isinstance(part, DataField)}


def _too_few(context: Context, source: DataSource, rows: int, using: dict[str, set[str]]) -> Iterator[Diagnostic]:
    for load in context.plan.loads:
        for workload in workloads(load):
            if source.name in using.get(workload.journey, ()) and _users(workload.model, rows + 1) > rows:
                what = "arrivals" if is_open(workload.model) else "users"
                message = f"`{source.path}` has {rows} row{'' if rows == 1 else 's'}, too few for the {what} of load `{load.name}`"
                end = "users without a row do not start" if source.on_end == "stop" else "rows would be used by several users"
                hint = f"{end}: add rows, or take fewer {what}"
                yield warning(Code.BAD_DATA, message, hint, context.at(source, source.origin))
                break


def _users(model: LoadModel, most: int) -> int:
    """How many users a model has, counted up to `most`; every arrival is one."""
    return sum(1 for _ in islice(arrivals(model), most)) if is_open(model) else int(highest(model))
