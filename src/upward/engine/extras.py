"""Libraries that a plain install does not bring: loaded when needed, with the command that installs them."""

from __future__ import annotations

import importlib
from typing import Any

from upward.base.errors import UsageError
from upward.base.messages import _

#: Library -> the extra that brings it.
EXTRAS = {
    "scipy": "estimate",
    "numba": "estimate",
    "ibis": "estimate",
    "duckdb": "estimate",
    "pyspark": "spark",
    "py4j": "spark",
    "typst": "documents",
}


def require(module: str) -> Any:
    """Return a module; raise UsageError that names the extra to install where it is not there."""
    try:
        return importlib.import_module(module)
    except ImportError as problem:
        library = module.split(".")[0]
        raise missing(library) from problem


def missing(library: str) -> UsageError:
    """Return the error for a library that is not installed."""
    extra = EXTRAS[library]
    return UsageError(
        _("This needs {library}, which a plain install does not bring.").format(library=library),
        advice=how_to_install(extra),
    )


def how_to_install(extra: str) -> str:
    """Return the command that brings an extra: from the folder of the program, which is in no package index."""
    return _("Install it in Upward’s folder: {command}").format(
        command=f".venv/bin/python -m pip install -e '.[{extra}]'"
    )
