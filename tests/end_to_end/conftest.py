"""Lets the tests of this folder use the conformance server."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
