"""What a deployer may decide, read from the environment into one frozen object, with plain words where it is wrong.

The variables are listed, with their meaning and default, in `upward.base.settings`; this module only reads them.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import available_timezones

from upward.base.errors import UsageError
from upward.warehouse.home import home_folder

LEAST_KEY = 50
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """An OpenID Connect provider."""

    name: str
    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that differs between two installations."""

    home: Path
    address: str
    database: Mapping[str, Any]
    secret_key: str
    mail: Mapping[str, Any]
    mail_from: str
    single_sign_on: SingleSignOn | None
    behind_proxy: bool
    time_zone: str

    @property
    def secure(self) -> bool:
        """Whether people reach the workbench over https."""
        return self.address.startswith("https://")

    @property
    def sends_mail(self) -> bool:
        """Whether mail reaches people; otherwise it is kept as files in the home folder."""
        return "EMAIL_HOST" in self.mail

    @property
    def embedded(self) -> bool:
        """Whether the records are a file of the home folder: then the program looks after the database itself."""
        return self.database["ENGINE"].endswith("sqlite3")

    @property
    def hosts(self) -> list[str]:
        """The host names that are answered."""
        return [*LOCAL_NAMES, *([urlsplit(self.address).hostname or ""] if self.address else [])]


def read_options(environment: Mapping[str, str] = os.environ) -> Options:
    """Return the options; raises UsageError, naming the variable, where one cannot be used."""
    home = home_folder(environment.get("UPWARD_HOME") or None)
    address = _address(environment.get("UPWARD_ADDRESS", ""))
    host = urlsplit(address).hostname or "localhost"
    return Options(
        home=home,
        address=address,
        database=_database(environment.get("UPWARD_DATABASE_URL", ""), home),
        secret_key=_secret_key(environment.get("UPWARD_SECRET_KEY", ""), home),
        mail=_mail(environment.get("UPWARD_MAIL_URL", ""), home),
        mail_from=environment.get("UPWARD_MAIL_FROM") or f"Upward <upward@{host}>",
        single_sign_on=_single_sign_on(environment),
        behind_proxy=environment.get("UPWARD_BEHIND_PROXY") == "1",
        time_zone=_time_zone(environment.get("UPWARD_TIME_ZONE") or "UTC"),
    )


def database_file(home: Path) -> Path:
    """Return the SQLite file of the records in a home folder."""
    return home / "workbench.sqlite3"


def uploads_folder(home: Path) -> Path:
    """Return the folder of uploaded files in a home folder."""
    return home / "uploads"


def _address(text: str) -> str:
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise UsageError(
            f"UPWARD_ADDRESS is {text!r}, which is not the address of a site.",
            advice="Write it as https://plans.example.gov, without a path.",
        )
    return f"{parts.scheme}://{parts.netloc}"


def _database(text: str, home: Path) -> dict[str, Any]:
    if not text:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": database_file(home),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # A writer takes its turn at the start of a transaction and waits for it, instead of failing half way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # Readers do not wait for the writer; what was acknowledged survives a loss of power.
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-16000;",
            },
        }
    parts = urlsplit(text)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise UsageError(
            "UPWARD_DATABASE_URL is not the address of a PostgreSQL database.",
            advice="Write it as postgresql://account:password@host:5432/upward.",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(_port(parts, "UPWARD_DATABASE_URL") or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _port(parts: SplitResult, variable: str) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise UsageError(
            f"{variable} names a port that is not a number.", advice="Write it as host:5432."
        ) from None


def _secret_key(text: str, home: Path) -> str:
    """Return the key given, else the one of the home folder, which is made on first use."""
    if text:
        if len(text) < LEAST_KEY:
            raise UsageError(
                f"UPWARD_SECRET_KEY has {len(text)} characters; it needs {LEAST_KEY} or more.",
                advice="Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(60))'",
            )
        return text
    path = home / "key"
    home.mkdir(parents=True, exist_ok=True)
    try:
        # Made by one process only; others then read what it wrote. No one else may read it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(60)
        file.write(key)
    return key


def _mail(text: str, home: Path) -> dict[str, Any]:
    if not text:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": home / "outbox",
        }
    parts = urlsplit(text)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise UsageError(
            "UPWARD_MAIL_URL is not the address of a mail server.",
            advice="Write it as smtp://account:password@host:587, or smtps:// for TLS from the start.",
        )
    over_tls = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": _port(parts, "UPWARD_MAIL_URL") or (465 if over_tls else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": over_tls,
        "EMAIL_USE_TLS": not over_tls and parts.hostname not in {"localhost", "127.0.0.1"},
        "EMAIL_TIMEOUT": 20,
    }


def _single_sign_on(environment: Mapping[str, str]) -> SingleSignOn | None:
    issuer = environment.get("UPWARD_OIDC_ISSUER", "")
    if not issuer:
        return None
    client_id = environment.get("UPWARD_OIDC_CLIENT_ID", "")
    client_secret = environment.get("UPWARD_OIDC_CLIENT_SECRET", "")
    if not (client_id and client_secret and urlsplit(issuer).scheme in {"http", "https"}):
        raise UsageError(
            "Single sign-on needs UPWARD_OIDC_ISSUER (an address), UPWARD_OIDC_CLIENT_ID and "
            "UPWARD_OIDC_CLIENT_SECRET together.",
            advice="Set all three, or none.",
        )
    return SingleSignOn(
        name=environment.get("UPWARD_OIDC_NAME") or "Single sign-on",
        issuer=issuer,
        client_id=client_id,
        client_secret=client_secret,
    )


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise UsageError(
            f"UPWARD_TIME_ZONE is {name!r}, which is not a time zone.",
            advice="Write it as America/Chicago or America/New_York.",
        )
    return name
