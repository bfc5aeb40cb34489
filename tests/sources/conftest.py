"""A desk to write small sources at."""

from __future__ import annotations

from pathlib import Path

import pytest
from sources.drafted import Desk


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)
