"""Multipart bodies that JMeter's own tables cannot send, written by a script (RFC 7578; names escaped as WHATWG's HTML says)."""

from __future__ import annotations

from loadwright.backends.jmeter.groovy import expression, literal, script
from loadwright.backends.jmeter.names import Names
from loadwright.backends.jmeter.simplify import simplify
from loadwright.compiler.plan.model import FilePart, MultipartBody, ValuePart

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
def quoted = { String name -> name.replace('"', '%22').replace('\\r', '%0D').replace('\\n', '%0A') }"""

_TAIL = """\
bytes.write(('--' + boundary + '--\\r\\n').getBytes('UTF-8'))
vars.put('multipart.boundary', boundary)
vars.put('multipart.body', bytes.toString('ISO-8859-1'))"""


def multipart_script(body: MultipartBody, names: Names) -> str:
    """A script that sets `multipart.boundary`, and `multipart.body` to the Latin-1 text of the body's bytes."""
    made = any(isinstance(part, FilePart) and part.filename.literal is None for part in body.parts)
    return script([_HEAD, *([_QUOTED] if made else []), *(_part(part, names) for part in body.parts), _TAIL])


def _part(part: ValuePart | FilePart, names: Names) -> str:
    head = f'Content-Disposition: form-data; name="{_quoted(part.name)}"'
    if isinstance(part, ValuePart):
        return f"part({literal(head)}, ({expression(simplify(part.value), names)}).getBytes('UTF-8'))"
    kind = f'"\r\nContent-Type: {part.media_type}'
    if part.filename.literal is not None:
        heading = literal(f'{head}; filename="{_quoted(part.filename.literal)}{kind}')
    else:
        name = expression(simplify(part.filename), names)
        heading = f"""{literal(head + '; filename="')} + quoted({name}) + {literal(kind)}"""
    return f"part({heading}, FileServer.fileServer.getResolvedFile({literal(part.path)}).bytes)"


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
