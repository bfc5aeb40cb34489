"""A WebSocket of the rotating server: what is sent is judged as requests are, what was recorded after it comes back."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Protocol

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Ping, Request, TextMessage
from wsproto.utilities import RemoteProtocolError

from loadwright.compiler.recording.model import Headers, header

_REFUSED = 1008
"""The status of a close for a message that is not accepted (RFC 6455, section 7.4.1)."""
_LONGEST_REASON = 60


class Talk(Protocol):
    """An open WebSocket, as the player keeps it."""

    def greeting(self) -> list[str]:
        """The messages that come before the client says anything."""

    def hear(self, text: str) -> tuple[list[str], str]:
        """The messages that come after one of the client, and why it is refused, if it is."""


def serve(connection: socket.socket, path: str, headers: Headers, talk: Talk) -> None:
    """Answer the opening handshake and the messages until either side closes."""
    wire = WSConnection(ConnectionType.SERVER)
    wire.initiate_upgrade_connection([(name.encode(), value.encode()) for name, value in headers], path)
    try:
        for event in wire.events():
            if isinstance(event, Request):
                connection.sendall(wire.send(AcceptConnection(subprotocol=_subprotocol(headers))))
                _say(connection, wire, talk.greeting())
        _converse(connection, wire, talk)
    except (OSError, RemoteProtocolError):
        return  # a client that went away, or speaks something else, is no event


def _subprotocol(headers: Headers) -> str | None:
    """The first that the client offers."""
    return (header(headers, "sec-websocket-protocol") or "").partition(",")[0].strip() or None


def _converse(connection: socket.socket, wire: WSConnection, talk: Talk) -> None:
    pieces: list[str] = []
    while data := connection.recv(65536):
        wire.receive_data(data)
        for event in wire.events():
            match event:
                case TextMessage(data=text, message_finished=finished):
                    pieces.append(text)
                    if finished:
                        answers, refused = talk.hear("".join(pieces))
                        pieces.clear()
                        if refused:
                            reason = refused.encode("ascii", "replace").decode()[:_LONGEST_REASON]
                            connection.sendall(wire.send(CloseConnection(code=_REFUSED, reason=reason)))
                            return
                        _say(connection, wire, answers)
                case Ping():
                    connection.sendall(wire.send(event.response()))
                case CloseConnection():
                    connection.sendall(wire.send(event.response()))
                    return


def _say(connection: socket.socket, wire: WSConnection, texts: Iterable[str]) -> None:
    for text in texts:
        connection.sendall(wire.send(TextMessage(data=text)))
