"""`upward serve`: the workbench is not part of this version, and the command says so."""

from __future__ import annotations

import click

from upward.base.errors import RefusedError


@click.command(short_help="Start the workbench (not in this version).", epilog="Example: upward serve")
def serve() -> None:
    """Start the workbench (not in this version)."""
    raise RefusedError(
        "The workbench is not in this version of Upward.",
        advice="Read a place with “upward page PLACE -o FILE.html”, or see samples with “upward demo”.",
    )
