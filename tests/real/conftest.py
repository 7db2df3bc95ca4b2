"""Lets the tests beside it share the plain second reading of the published files."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
