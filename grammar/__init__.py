"""The grammar of the language: the only place that defines it."""

from importlib.resources import files


def text() -> str:
    """The Lark grammar, as text."""
    return (files(__name__) / "intent.lark").read_text("utf-8")
