"""`loadwright rotate`: a recording served with fresh values."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from loadwright.compiler.cli.import_sources import read_recording, recording_names, require_different
from loadwright.compiler.cli.load import problem
from loadwright.compiler.cli.show import show
from loadwright.compiler.import_report.visible import one_line
from loadwright.compiler.recording.conversation import conversations
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.select import select
from loadwright.compiler.recording.sockets import entry_label, traffic
from loadwright.compiler.rotation.player import Exchange, Player
from loadwright.compiler.rotation.script import Script, make_script
from loadwright.compiler.rotation.server import RotatingServer


def rotate(recording: Path, second: Sequence[Path], port: int, seed: str, hosts: Sequence[str]) -> int:
    """Serve a recording until it is interrupted; 0. Raises LoadwrightError for a recording that cannot be served."""
    script = script_of(recording, second, hosts)
    player = Player(script, seed)
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    with _listening(player, port) as server:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        for host, address in server.addresses.items():
            print(f"{host} is {address}")
        print(_described(script), flush=True)
        ended.wait()
    print(_summary(player))
    return 0


def _listening(player: Player, port: int) -> RotatingServer:
    try:
        return RotatingServer(player, port, _tell)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise problem("bad-option", f"cannot listen on 127.0.0.1:{port}: {reason}", "--port 0 takes a free one") from None


def script_of(recording: Path, second: Sequence[Path] = (), hosts: Sequence[str] = ()) -> Script:
    """The script of a recording; raises LoadwrightError when nothing of it can be served."""
    names = recording_names([recording, *second])
    sessions = {
        name: kept_entries(path, hosts if path is recording else ()) for name, path in zip(names, (recording, *second), strict=True)
    }
    require_different(sessions)
    entries, *others = sessions.values()
    script = make_script(entries, others)
    if not script.scenes:
        raise problem(
            "nothing-to-serve",
            f"no request of `{recording.name}` can be served",
            "it holds no answers; name the host with `--host`, or record again with content",
            place=str(recording),
        )
    return script


def kept_entries(recording: Path, hosts: Sequence[str] = ()) -> list[Entry]:
    """The entries of a recording that take part in a test; oddities are shown as warnings."""
    read, warnings = read_recording(recording)
    show(warnings)
    kept = set(select(read, hosts).kept)
    talking, more = conversations(read, kept)
    show(more)
    return traffic(entry for entry in talking.entries if entry.index in kept)


def _described(script: Script) -> str:
    lines = [f"{len(script.scenes)} recorded answers, {len(script.rotated())} values of the server are fresh in every session"]
    lines += [one_line(f"  from {entry_label(value.entry)}, first sent in {value.site}") for value in script.rotated()]
    return "\n".join(lines)


def _tell(exchange: Exchange) -> None:
    reason = f"  REFUSED: {exchange.reason}" if not exchange.accepted else ""
    entry = f"  {entry_label(exchange.entry)}" if exchange.entry is not None else ""
    print(one_line(f"{exchange.status}  session {exchange.session}  {exchange.label}{entry}{reason}"), flush=True)


def _summary(player: Player) -> str:
    counts = Counter("accepted" if e.accepted else f"refused as {e.kind}" for e in player.log)
    told = ", ".join(f"{count} {what}" for what, count in sorted(counts.items())) or "no request"
    return f"{len(player.ledger.sessions)} sessions: {told}"
