"""Lets the tests beside it share generated cases and the comparison of tables."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def java() -> str:
    """Java, which Spark needs; the test is skipped where it is not installed."""
    found = shutil.which("java") or os.environ.get("JAVA_HOME")
    if not found:
        pytest.skip("Java is not installed (Debian: apt-get install openjdk-17-jre-headless)")
    return found
