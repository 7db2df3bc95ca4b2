"""The worker as a process of its own: `python -m upward.web.commands.working`."""

from __future__ import annotations

from upward.web.commands.setting_up import set_up

if __name__ == "__main__":
    set_up(None)
    from upward.web.jobs.worker import run_worker

    run_worker()
