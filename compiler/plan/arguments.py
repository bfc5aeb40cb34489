"""What functions of the language take for numbers, and how they fail for anything else."""

from __future__ import annotations

import re

WHOLE = r"-?[0-9]{1,15}"
"""The whole numbers that positions, lengths and bounds are."""


class ArgumentError(ValueError):
    """Raised by a function for an argument that it cannot work with; a runtime fails with `script: ` and the message.

    The message names function and parameter and never shows the argument, which may be a secret.
    """

    def __init__(self, function: str, reason: str) -> None:
        super().__init__(f"{function}: {reason}")


def whole(function: str, parameter: str, text: str, lowest: int, highest: int) -> int:
    """A whole number between two bounds. Raises ArgumentError."""
    if not re.fullmatch(WHOLE, text) or not lowest <= int(text) <= highest:
        raise ArgumentError(function, f"bad {parameter}")
    return int(text)
