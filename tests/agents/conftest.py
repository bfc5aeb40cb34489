"""Lets the tests of this folder share `recordings`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
