"""What a model may propose."""

from __future__ import annotations

from typing import Any


def everything(question: dict[str, Any]) -> dict[str, Any]:
    """A model that proposes a name for all there is, and every candidate."""
    return {
        "steps": [{"id": s["id"], "name": f"Action {s['id']}"} for s in question["steps"]],
        "variables": [{"id": v["id"], "name": f"named_{v['id']}"} for v in question["variables"]],
        "unresolved": [{"id": u["id"], "candidates": [c["id"] for c in u["candidates"]]} for u in question["unresolved"]],
    }
