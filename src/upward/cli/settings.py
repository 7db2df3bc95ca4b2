"""Every environment variable that the program or its tests look at; its reference page is made from this."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: what it does, what holds without it, and who looks (program or tests)."""

    name: str
    meaning: str
    default: str
    audience: str


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "UPWARD_HOME",
        "Folder that holds the releases. The option --home goes before it.",
        "a folder of the account, as the system prefers (on Linux ~/.local/share/upward)",
        "program",
    ),
    Setting(
        "UPWARD_PULL_BASE",
        "Address of a mirror from which “upward data pull” downloads; checksums are checked as ever.",
        "the public address in the catalogue",
        "program",
    ),
    Setting(
        "UPWARD_SPARK_MASTER",
        "Address of the Spark cluster that “upward estimate --engine spark” uses; --master goes before it.",
        "Spark's local mode on this machine",
        "program",
    ),
    Setting(
        "UPWARD_DEBUG",
        "With the value 1, an error ends with its full details for developers instead of a short message.",
        "short messages",
        "program",
    ),
    Setting(
        "UPWARD_SHARED",
        "Folder whose data/urban holds the published files, for tests and benchmarks that read them.",
        "../shared beside the repository",
        "tests",
    ),
    Setting(
        "UPWARD_REQUIRE_ALL",
        "With the value 1, a test that would be skipped fails; with the value tools, only tests of "
        "published files that are not on the machine may be skipped.",
        "tests skip what the machine cannot run, with a reason",
        "tests",
    ),
)
