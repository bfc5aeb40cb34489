"""Multipart bodies that JMeter's own tables cannot send, written by a script (RFC 7578; names escaped as WHATWG's HTML says)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loadwright.backends.jmeter.groovy import expression, literal, script
from loadwright.backends.jmeter.names import Names
from loadwright.backends.jmeter.simplify import simplify
from loadwright.compiler.plan.model import FilePart, MultipartBody, ValuePart
from loadwright.compiler.plan.template import Template

_HEAD = """\
// JMeter's tables send files after all values, under the files' own names; here the parts keep their order and names.
import org.apache.jmeter.services.FileServer

def boundary = '----loadwright' + UUID.randomUUID().toString().replace('-', '')
def bytes = new ByteArrayOutputStream()
def part = { String head, byte[] content ->
    bytes.write(('--' + boundary + '\\r\\n' + head + '\\r\\n\\r\\n').getBytes('UTF-8'))
    bytes.write(content)
    bytes.write('\\r\\n'.getBytes('UTF-8'))
}"""

_QUOTED = """\
def quoted = { String name -> name.replaceAll('\\r\\n|\\r|\\n', '%0D%0A').replace('"', '%22') }"""

_TAIL = """\
bytes.write(('--' + boundary + '--\\r\\n').getBytes('UTF-8'))
vars.put('multipart.boundary', boundary)
vars.put('multipart.body', bytes.toString('ISO-8859-1'))"""


def multipart_script(body: MultipartBody, names: Names) -> str:
    """A script that sets `multipart.boundary`, and `multipart.body` to the Latin-1 text of the body's bytes."""
    made = any(_are_made(part.name, *([part.filename] if isinstance(part, FilePart) else [])) for part in body.parts)
    return script([_HEAD, *([_QUOTED] if made else []), *(_part(part, names) for part in body.parts), _TAIL])


def _part(part: ValuePart | FilePart, names: Names) -> str:
    if isinstance(part, ValuePart):
        head = _head(['Content-Disposition: form-data; name="', part.name, '"'], names)
        return f"part({head}, ({expression(simplify(part.value), names)}).getBytes('UTF-8'))"
    kind = f'"\r\nContent-Type: {part.media_type}'
    head = _head(['Content-Disposition: form-data; name="', part.name, '"; filename="', part.filename, kind], names)
    return f"part({head}, FileServer.fileServer.getResolvedFile({literal(part.path)}).bytes)"


def _head(pieces: Sequence[str | Template], names: Names) -> str:
    """The lines before a part as one expression: fixed text, and names, which are quoted when they are known."""
    written, fixed = [], ""
    for piece in pieces:
        if isinstance(piece, str):
            fixed += piece
        elif piece.literal is not None:
            fixed += _quoted(piece.literal)
        else:
            written += [literal(fixed), f"quoted({expression(simplify(piece), names)})"]
            fixed = ""
    return " + ".join([*written, literal(fixed)])


def _are_made(*texts: Template) -> bool:
    return any(text.literal is None for text in texts)


def _quoted(name: str) -> str:
    return re.sub(r"\r\n|\r|\n", "%0D%0A", name).replace('"', "%22")
