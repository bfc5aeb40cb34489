from pathlib import Path

from loadwright.compiler.drafts.builder import Drafted


def read_openapi(path: Path, title: str) -> Drafted:
    raise NotImplementedError
