"""Text with values in it, as a tree: a backend renders it with its own escaping."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from loadwright.compiler.plan.node import Node


class Text(Node):
    """Literal text, sent as it stands."""

    kind: Literal["text"] = "text"
    value: str


class Reference(Node):
    """The current value of a name: a variable, a capture, a secret, or a target's base URL (no trailing slash)."""

    kind: Literal["reference"] = "reference"
    name: str


class DataField(Node):
    """A column of the data row that this iteration holds."""

    kind: Literal["field"] = "field"
    data: str
    column: str


class Call(Node):
    """A function of the standard library applied to its arguments; see `functions.py`."""

    kind: Literal["call"] = "call"
    function: str
    arguments: tuple[Template, ...] = ()


_FIELDS = {"parts"}
Part = Annotated[Text | Reference | DataField | Call, Field(discriminator="kind")]


class Template(Node):
    """A sequence of parts in normal form: no empty text, no two texts side by side."""

    parts: tuple[Part, ...] = ()

    def __init__(self, *, parts: tuple[Part, ...] = ()) -> None:
        self._fill({"parts": _normal_form(parts)}, _FIELDS)

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # validation does not come by here

    @field_validator("parts")
    @classmethod
    def _normal(cls, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        return _normal_form(parts)

    @property
    def literal(self) -> str | None:
        """The text when the template holds nothing but text (empty for no parts), else None."""
        if not self.parts:
            return ""
        first = self.parts[0]
        return first.value if len(self.parts) == 1 and isinstance(first, Text) else None


def _normal_form(parts: Sequence[Part]) -> tuple[Part, ...]:
    if len(parts) == 1 and (not isinstance(parts[0], Text) or parts[0].value):
        return tuple(parts)
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, Text):
            if not part.value:
                continue
            if merged and isinstance(merged[-1], Text):
                merged[-1] = Text(value=merged[-1].value + part.value)
                continue
        merged.append(part)
    return tuple(merged)


def _plain(value: str | Template | None) -> str | Template | None:
    fixed = value.literal if isinstance(value, Template) else value
    return value if fixed is None else fixed


ExtractorText = Annotated[str | Template, AfterValidator(_plain)]
"""A path, selector, pattern or boundary: fixed text, or a Template where values stand in it, put in as data (`inserted.py`)."""
OptionalExtractorText = Annotated[str | Template | None, AfterValidator(_plain)]


def fixed(text: ExtractorText) -> str:
    """The text of an extractor that holds no values. Raises ValueError for one that does: they have to be put in before."""
    if isinstance(text, str):
        return text
    raise ValueError("the extractor holds values that are not put in")


def template(*parts: str | Part | Template) -> Template:
    """A Template from texts, parts and templates, flattened."""
    flat: list[Part] = []
    for part in parts:
        if isinstance(part, Template):
            flat.extend(part.parts)
        elif not isinstance(part, str):
            flat.append(part)
        elif part:
            flat.append(Text(value=part))
    return Template(parts=tuple(flat))


def call(function: str, *arguments: str | Part | Template) -> Call:
    """A Call whose arguments are made into templates."""
    return Call(function=function, arguments=tuple(template(a) for a in arguments))


def walk(value: Template) -> Iterator[Part]:
    """Every part of a template, outer before inner, left to right."""
    for part in value.parts:
        yield part
        if isinstance(part, Call):
            for argument in part.arguments:
                yield from walk(argument)


def map_text(value: Template, change: Callable[[str], str], wrap: str | None = None) -> Template:
    """The template with `change` applied to literal text and every other part wrapped in a call to `wrap`.

    `wrap` is the run-time twin of `change`, so that both kinds of part are encoded the same way.
    """
    return template(
        *(Text(value=change(part.value)) if isinstance(part, Text) else call(wrap, part) if wrap else part for part in value.parts)
    )
