"""The options of `loadwright import` about advice."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import typer

AdviceUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL", envvar="LOADWRIGHT_ADVICE_URL", help="ask a language model there for names (OpenAI-compatible, …/v1)"
    ),
]
AdviceModel = Annotated[str | None, typer.Option(metavar="NAME", envvar="LOADWRIGHT_ADVICE_MODEL", help="which model to ask")]
AdviceKeyEnv = Annotated[
    str | None, typer.Option(metavar="VAR", envvar="LOADWRIGHT_ADVICE_KEY_ENV", help="the environment variable that holds its key")
]
AdviceTimeout = Annotated[
    str, typer.Option(metavar="TIME", envvar="LOADWRIGHT_ADVICE_TIMEOUT", help="how long to wait for the model")
]


class AdviceAsked(NamedTuple):
    """What the command line says about advice."""

    url: str | None = None
    model: str | None = None
    key_env: str | None = None
    timeout: str = "60s"
