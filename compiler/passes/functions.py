"""Each call names a function and gives it the right arguments."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.compiler.calling import usage
from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, uses
from loadwright.compiler.plan import moments
from loadwright.compiler.plan.functions import FUNCTIONS, ArgumentError, Function
from loadwright.compiler.plan.random import Generator
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
    return _wrong_count(function, len(call.arguments)) or _wrong_word(function, call) or _wrong_value(function, call)


def _wrong_count(function: Function, given: int) -> str | None:
    most = len(function.parameters)
    least = most - function.optional
    if least <= given and (given <= most or function.variadic):
        return None
    count = f"{least} argument{'' if least == 1 else 's'}" if least == most else f"{least} to {most} arguments"
    count = f"at least {count}" if function.variadic else count.replace("0 arguments", "no argument")
    return f"`{function.name}` takes {count}, not {given}"


def _wrong_word(function: Function, call: Call) -> str | None:
    for index, argument in enumerate(call.arguments):
        parameter = function.parameter(index)
        words = function.choices.get(parameter)
        if words and argument.literal not in words:
            known = ", ".join(f'"{word}"' for word in words)
            return f"`{parameter}` of `{function.name}` is one of {known}"
        if parameter in function.fixed and argument.literal is None:
            return f"`{parameter}` of `{function.name}` has to be fixed text"
    return None


def _wrong_value(function: Function, call: Call) -> str | None:
    """What the function itself says of the arguments that are known."""
    literals = [argument.literal for argument in call.arguments]
    try:
        if function.name == "now":
            moments.stamp(0, *(text or "" for text in literals))
        elif function.evaluate and function.numbers:
            function.evaluate(*("1" if text is None else text for text in literals))
        elif function.draw and function.numbers and None not in literals:
            function.draw(Generator(""), *literals)
    except ArgumentError as error:
        reason = str(error).partition(": ")[2]
        parameter = reason.removeprefix("bad ")
        if parameter == reason:
            return f"`{function.name}`: {reason}"
        return f"`{parameter}` of `{function.name}` is no {'number' if parameter in function.numbers else 'value'} that makes sense"
    return None
