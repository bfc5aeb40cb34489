"""Conversations on a WebSocket, written as lines: `>` sent, `<` received."""

from __future__ import annotations

from collections.abc import Sequence

from loadwright.compiler.agents.importing import Imported, Source, import_recordings
from loadwright.compiler.plan.model import Plan, Stream
from loadwright.compiler.plan.traverse import journey_nodes
from loadwright.compiler.recording.conversation import conversations
from loadwright.compiler.recording.model import Entry, RecordedRequest, RecordedResponse, Recording, SocketMessage
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import select

_START = 1_700_000_000_000.0


def messages(*lines: str) -> list[SocketMessage]:
    """The messages of a conversation, in which each received one counts as awaited."""
    return [SocketMessage(n, line[0] == ">", float(n), line[1:], awaited=line[0] == "<") for n, line in enumerate(lines)]


def imported_talk(url: str, *lines: str, other: Sequence[str] = ()) -> Imported:
    """What an import makes of a conversation on a WebSocket, and of `other`, as a second recording has it."""
    sources = [_source(f"{name}.har", url, said) for name, said in (("talk", lines), ("other", other)) if said]
    return import_recordings(sources, "Talk", "files")


def _source(name: str, url: str, lines: Sequence[str]) -> Source:
    said = tuple(SocketMessage(n, line[0] == ">", _START + 20 * (n + 1), line[1:]) for n, line in enumerate(lines))
    request, response = RecordedRequest("GET", url), RecordedResponse(101)
    socket = Entry(0, _START, _START + 900, request, response, None, "websocket", False, said)
    recording = Recording(name, (socket,))
    selection = select(recording)
    done, _ = conversations(recording, selection.kept)
    return Source(done, selection, outline(done, selection.kept))


def stream(plan: Plan) -> Stream:
    """The first conversation of a Plan."""
    return next(node for node in journey_nodes(plan.journeys[0]) if isinstance(node, Stream))
