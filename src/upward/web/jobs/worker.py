"""The worker: takes background work from the database, and starts what recurs."""

from __future__ import annotations

import os
import threading
import time

from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from upward.web.jobs.tasks import start_what_is_due

LOOK_EVERY = 60.0


def run_worker() -> None:
    """Work until the process is told to stop, or the server that started it has gone."""
    threading.Thread(target=_start_what_recurs, args=(os.getppid(),), daemon=True).start()
    worker = Worker(
        queue_names=["default"],
        excluded_queue_names=[],
        interval=1,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"upward-{os.getpid()}",
    )
    worker.configure_signals()
    worker.run()


def _start_what_recurs(parent: int) -> None:
    next_look = 0.0
    while True:
        if os.getppid() != parent:
            os._exit(0)  # the server was killed: nothing is left to work for
        if time.monotonic() >= next_look:
            next_look = time.monotonic() + LOOK_EVERY
            close_old_connections()
            try:
                start_what_is_due(now=timezone.now())
            except DatabaseError:
                continue  # busy or away; it is asked again
        time.sleep(1)
