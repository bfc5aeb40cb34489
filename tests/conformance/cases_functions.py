"""A case for every pure function: each row of the table, its arguments by variables and as they are."""

from __future__ import annotations

from conformance.case import Case, Value, fn, form, form_wire, let, ref, request
from function_table import TABLE

from loadwright.compiler.plan.functions import FUNCTIONS


def _case(name: str, rows: tuple[tuple[tuple[str, ...], str], ...]) -> Case:
    """All rows of a function in one form; every argument that may be a value is one."""
    lets, fields = [], []
    for row, (arguments, _) in enumerate(rows):
        given: list[Value] = []
        for index, argument in enumerate(arguments):
            if FUNCTIONS[name].parameter(index) in FUNCTIONS[name].choices:
                given.append(argument)
            else:
                variable = f"f_{name}_{row}_{index}"
                lets.append(let(variable, argument))
                given.append(ref(variable))
        fields.append((f"r{row}", fn(name, *given)))
        fields.append((f"c{row}", fn(name, *arguments)))
        if FUNCTIONS[name].numbers:
            fields.append((f"m{row}", fn(name, given[0], *arguments[1:])))
    expected = [(key, rows[int(key[1:])][1]) for key, _ in fields]
    return Case(f"fn_{name}", [*lets, request("POST /f", body=form(*fields))], [form_wire("/f", *expected)])


CASES = [_case(name, rows) for name, rows in TABLE.items()]
