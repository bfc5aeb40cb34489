"""Turns what a command raises into a message and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable

from loadwright.compiler.cli.show import show
from loadwright.compiler.diagnostics import LoadwrightError

FINE, FINDINGS, BAD_INPUT, NOT_VALID, INTERRUPTED = 0, 1, 2, 3, 130
"""The exit codes: fine; findings or goals missed; bad usage or input; the run was not valid; Ctrl-C."""


def guarded(command: Callable[[], int]) -> int:
    """The command's exit code; what is wrong with its input is told without a traceback."""
    try:
        return command()
    except LoadwrightError as error:
        show(error.diagnostics)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        raise  # whoever read our output has gone: the command line framework ends quietly
    except OSError as error:
        print(f"error: {error.filename or 'system'}: {error.strerror or error}", file=sys.stderr)
    return BAD_INPUT
