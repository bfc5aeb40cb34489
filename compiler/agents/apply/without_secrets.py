"""The last look at what an import made: no secret of the recording is in it, whatever rule put it there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from loadwright.compiler.agents.decisions import Decision, Rejected
from loadwright.compiler.agents.hidden import Hidden
from loadwright.compiler.agents.observe.answers.in_texts import secrets_in_bytes
from loadwright.compiler.agents.prove.proof import Proof
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.typed import texts


def plan_without(plan: Plan, secrets: Iterable[str]) -> Plan:
    """The Plan with a mask where a secret stands as text: in a name that is fixed, mostly.

    A word is left where it stands: it is met by chance, and so is what the user typed elsewhere.
    """
    typed = {variable.value.literal for variable in plan.variables}
    hidden = Hidden(value for value in secrets if not value.isalpha() and value not in typed)
    if not hidden.values or not hidden.stand_in("\0".join(texts(plan))):
        return plan
    return Plan.model_validate(hidden.out_of_all(plan.model_dump()))


def hide_in(records: Iterable[Decision], proofs: Iterable[Proof], hidden: Hidden) -> None:
    """Masks secrets in what decisions and proofs tell."""
    for proof in proofs if hidden.values else ():
        proof.findings[:] = [replace(f, message=hidden.out_of(f.message)) for f in proof.findings]
    for record in records if hidden.values else ():
        record.source = hidden.out_of(record.source)
        record.uses = [hidden.out_of(use) for use in record.uses]
        record.value = hidden.out_of(record.value)
        record.rejected = [Rejected(candidate=hidden.out_of(r.candidate), reason=r.reason) for r in record.rejected]


def files_without(files: Mapping[str, bytes], hidden: Hidden) -> tuple[dict[str, bytes], Sequence[str]]:
    """The files with secrets in them overwritten, and the paths of those that had any."""
    clean = {path: _masked(data, hidden) for path, data in files.items()}
    return clean, [path for path, data in clean.items() if data != files[path]]


def _masked(data: bytes, hidden: Hidden) -> bytes:
    spots = list(secrets_in_bytes(data))
    for form in hidden.forms:
        spots += [match.span() for match in re.finditer(re.escape(form.encode()), data)]
    masked = bytearray(data)
    for start, end in spots:
        masked[start:end] = b"x" * (end - start)
    return bytes(masked)
