"""`upward serve`: the workbench, with nothing to set up."""

from __future__ import annotations

import errno
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from upward.base.errors import RefusedError
from upward.web.commands.setting_up import ready_database, set_up

LOCAL = "127.0.0.1"
RESTART_AFTER = 5.0  # seconds


@click.command(short_help="Start the workbench.", epilog="Example: upward serve --port 8000")
@click.option("--host", default=LOCAL, show_default=True, help="Network address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Server processes (else one per processor and one more)."
)
@click.pass_obj
def serve(home: Path | None, host: str, port: int, workers: int | None) -> None:
    """Start the workbench: web server and background worker.

    With nothing set, records are a file in the home folder and only this machine is answered. On the first start a
    one-time link is printed that makes the first account. UPWARD_ADDRESS and UPWARD_DATABASE_URL make it a server.
    """
    os.environ.setdefault("UPWARD_ADDRESS", f"http://{LOCAL if host in {'0.0.0.0', '::'} else host}:{port}")  # noqa: S104
    check_port(host, port)
    set_up(home)
    ready_database()
    say_where(host)
    run_server_with_worker(host, port, workers or multiprocessing.cpu_count() + 1)


def check_port(host: str, port: int) -> None:
    """Raise RefusedError, saying what to do, where the server could not listen."""
    try:
        family, kind, number, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, number) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as problem:
        reasons = {
            errno.EADDRINUSE: (
                "something listens there already",
                f"Stop it, or take another port: --port {port + 1}",
            ),
            errno.EACCES: (
                "ports below 1024 are the administrator's",
                "Take a port from 1024 on, behind a proxy.",
            ),
            errno.EADDRNOTAVAIL: (
                "this machine has no such address",
                "Take --host 127.0.0.1, or 0.0.0.0 for all.",
            ),
        }
        other = (problem.strerror or str(problem), "Take another --host or --port.")
        why, advice = reasons.get(problem.errno or 0, other)
        raise RefusedError(f"{host} cannot be listened on at port {port}: {why}.", advice=advice) from problem


def run_server_with_worker(host: str, port: int, workers: int) -> None:
    """Serve until stopped, with the background worker beside the server."""
    with worker_beside():
        run_server(host, port, workers)


@contextmanager
def worker_beside() -> Iterator[None]:
    """Keep a background worker running; one that ends, as when the database was away, is started again."""
    stopping, parent = threading.Event(), os.getpid()
    running = [_start_worker()]

    def keep() -> None:
        while True:
            running[-1].wait()
            if stopping.wait(RESTART_AFTER):
                return
            running[:] = [_start_worker()]

    threading.Thread(target=keep, daemon=True).start()
    try:
        yield
    finally:
        if os.getpid() == parent:  # processes of the server end here too; the worker is their parent's
            stopping.set()
            running[-1].terminate()
            running[-1].wait(timeout=20)


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "upward.web.commands.working"], env=dict(os.environ))


def say_where(host: str) -> None:
    """Print the address, and on the first start the link that makes the first account."""
    from django.conf import settings

    from upward.web.accounts.actions import make_owner_link
    from upward.web.accounts.models import User

    address = settings.OPTIONS.address
    click.echo(f"Upward on {address}  (home folder {settings.OPTIONS.home})")
    if not User.objects.exists():
        click.echo("\nNobody has an account yet. Open this link once, within a week, to make the first:")
        click.echo(f"  {address}/first/{make_owner_link()}/\n")
    if host not in {LOCAL, "localhost", "::1"} and address.startswith("http://"):
        click.echo("Passwords travel unprotected over http: put a proxy with https in front.", err=True)
    click.echo("Ctrl-C stops it.")
    sys.stdout.flush()


def run_server(host: str, port: int, workers: int) -> None:
    """Serve until stopped, in processes that each answer one request at a time."""
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        """Gunicorn with our options instead of its own command line and files."""

        def load_config(self) -> None:
            bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            options: dict[str, Any] = {
                "bind": bind,
                "workers": workers,
                "worker_class": "sync",
                "timeout": 60,
                "graceful_timeout": 20,
                "max_requests": 20_000,
                "max_requests_jitter": 2_000,
                "loglevel": "warning",
                "preload_app": True,
                "proc_name": "upward",
                "forwarded_allow_ips": "*" if os.environ.get("UPWARD_BEHIND_PROXY") == "1" else "127.0.0.1",
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from django.db import connections

            from upward.catalog.load import load_catalog
            from upward.web.config.wsgi import application

            # Read once, shared by all processes; connections are not.
            for language in ("en", "es"):
                load_catalog(language)
            connections.close_all()
            return application

    Server().run()
