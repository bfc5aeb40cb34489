"""Each call names a function and gives it the right arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loadwright.compiler.calling import WHOLE_NUMBERS, usage
from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, uses
from loadwright.compiler.plan.functions import FUNCTIONS, Function
from loadwright.compiler.plan.template import Call
from loadwright.compiler.plan.traverse import templates
from loadwright.compiler.suggest import suggestion


def check_calls(context: Context) -> Iterator[Diagnostic]:
    """`random(1)` and `x | urlencod` are errors; `random(1, 10)` is fine."""
    for use in uses(templates(context.plan)):
        if not isinstance(use.part, Call):
            continue
        function = FUNCTIONS.get(use.part.function)
        if function is None:
            message, hint = f"there is no function `{use.part.function}`", suggestion(use.part.function, FUNCTIONS)
            yield context.part(Code.UNKNOWN_FUNCTION, message, hint, use.part, use.origin)
        else:
            problem = _problem(function, use.part)
            if problem:
                yield context.part(Code.BAD_ARGUMENT, problem, f"it is called as {usage(function)}", use.part, use.origin)


def _problem(function: Function, call: Call) -> str | None:
    given, most = len(call.arguments), len(function.parameters)
    least = most - function.optional
    if not least <= given <= most:
        count = f"{least} argument{'' if least == 1 else 's'}" if least == most else f"{least} to {most} arguments"
        return f"`{function.name}` takes {count.replace('0 arguments', 'no argument')}, not {given}"
    literals = [argument.literal for argument in call.arguments]
    if function.choices and literals and literals[0] not in function.choices:
        return f"`{function.name}` does not know this {function.parameters[0]}"
    numbers = [
        (name, text)
        for name, text in zip(function.parameters, literals, strict=False)
        if name in WHOLE_NUMBERS and text is not None
    ]
    for name, text in numbers:
        if not re.fullmatch(r"-?[0-9]{1,15}", text) or (name == "length" and not 1 <= int(text) <= 10_000):
            return f"`{name}` of `{function.name}` is not a whole number that makes sense"
    if len(numbers) == 2 and int(numbers[0][1]) > int(numbers[1][1]):
        return f"`{function.name}` goes from the smaller to the larger number"
    return None
