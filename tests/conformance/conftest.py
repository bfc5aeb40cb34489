"""Lets the harness's modules import each other as `conformance.…`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
