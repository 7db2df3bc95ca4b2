"""Files and functions stay small enough to be read; an exception has its reason here."""

from __future__ import annotations

import ast
from pathlib import Path

FILE_LIMIT = 500
FUNCTION_LIMIT = 60

#: Path from the root -> why it may be longer.
LONG_FILES: dict[str, str] = {
    "tests/unit/warehouse/test_build_anomalies.py": "one test for each known fault, in the order of their numbers",
}
#: "path::function" -> why it may be longer.
LONG_FUNCTIONS: dict[str, str] = {
    "src/upward/engine/kernels/quantiles.py::make_prefixes": "holds compiled functions, each below the limit",
    "src/upward/engine/kernels/sums.py::make_cell_sums": "holds compiled functions, each below the limit",
    "src/upward/engine/kernels/woodruff.py::make_area_woodruff": "holds compiled functions, each below the limit",
    "src/upward/present/readings.py::_sentences": "a table of sentences; each must be a message of its own",
}


def test_no_source_file_is_longer_than_the_limit(texts: dict[Path, str], repository: Path) -> None:
    sources = {
        str(path.relative_to(repository)): text
        for path, text in texts.items()
        if path.suffix == ".py" and "migrations" not in path.parts
    }
    long = {name: text.count("\n") for name, text in sources.items() if text.count("\n") > FILE_LIMIT}
    assert long.keys() == LONG_FILES.keys(), "split the file, or add or remove its reason"


def test_no_function_is_longer_than_the_limit(texts: dict[Path, str], repository: Path) -> None:
    long = {
        f"{path.relative_to(repository)}::{node.name}"
        for path, text in texts.items()
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LIMIT
    }
    assert long == LONG_FUNCTIONS.keys(), "split the function, or add or remove its reason"
