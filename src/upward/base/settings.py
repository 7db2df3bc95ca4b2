"""Every environment variable that the program or its tests look at; its reference page is made from this."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: what it does, what holds without it, and who looks (program, workbench or tests)."""

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
        "UPWARD_ADDRESS",
        "Address at which people reach the workbench, as in https://plans.example.gov. Only this name (and this "
        "machine itself) is answered; links in mail begin with it; https makes cookies secure.",
        "http://127.0.0.1 with the port of “upward serve”: this machine alone",
        "workbench",
    ),
    Setting(
        "UPWARD_DATABASE_URL",
        "PostgreSQL database for the records, as in postgresql://account:password@host:5432/upward.",
        "an SQLite file in the home folder",
        "workbench",
    ),
    Setting(
        "UPWARD_SECRET_KEY",
        "Key that signs sessions and links, at least 50 characters.",
        "a key that is made on first run and kept in the home folder, readable by its owner alone",
        "workbench",
    ),
    Setting(
        "UPWARD_MAIL_URL",
        "Server that takes outgoing mail, as in smtp://account:password@host:587 (smtps:// for TLS from the start).",
        "mail is written to the folder outbox of the home folder; invitations are passed on as links, and who "
        "comes by a link for several people signs in with a name",
        "workbench",
    ),
    Setting(
        "UPWARD_MAIL_FROM",
        "Sender of outgoing mail.",
        "upward@ and the name of the address",
        "workbench",
    ),
    Setting(
        "UPWARD_OIDC_ISSUER",
        "Address of the OpenID Connect provider for single sign-on.",
        "people sign in with an e-mail address and a password",
        "workbench",
    ),
    Setting("UPWARD_OIDC_NAME", "What the sign-in button calls the provider.", "Single sign-on", "workbench"),
    Setting("UPWARD_OIDC_CLIENT_ID", "Name of this installation at the provider.", "none", "workbench"),
    Setting("UPWARD_OIDC_CLIENT_SECRET", "Secret of this installation at the provider.", "none", "workbench"),
    Setting(
        "UPWARD_BEHIND_PROXY",
        "With the value 1, the headers X-Forwarded-For and X-Forwarded-Proto are believed: set it only where a proxy "
        "of yours writes them.",
        "they are not believed",
        "workbench",
    ),
    Setting("UPWARD_TIME_ZONE", "Time zone of times on pages, as in America/Chicago.", "UTC", "workbench"),
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
        "UPWARD_TEST_DATABASE_URL",
        "Address of a PostgreSQL server in which tests may make databases of their own.",
        "tests that need PostgreSQL are skipped",
        "tests",
    ),
    Setting(
        "UPWARD_TEST_ON_POSTGRESQL",
        "With the value 1, tests of the workbench keep their records in that PostgreSQL server.",
        "they keep them in SQLite",
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
