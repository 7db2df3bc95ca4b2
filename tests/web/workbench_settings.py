"""The workbench's settings for tests: a home folder of its own, quick passwords, mail kept in memory."""

import os
import tempfile
from pathlib import Path

# Never the folder of the account that runs the tests.
os.environ["UPWARD_HOME"] = tempfile.mkdtemp(prefix="upward-tests-")
os.environ["UPWARD_ADDRESS"] = "http://testserver"
for _name in ("UPWARD_DATABASE_URL", "UPWARD_MAIL_URL", "UPWARD_OIDC_ISSUER", "UPWARD_SECRET_KEY"):
    os.environ.pop(_name, None)
if os.environ.get("UPWARD_TEST_ON_POSTGRESQL") == "1":
    os.environ["UPWARD_DATABASE_URL"] = os.environ["UPWARD_TEST_DATABASE_URL"]

from upward.web.config.settings import *  # noqa: E402, F403
from upward.web.config.settings import DATABASES, OPTIONS  # noqa: E402

os.environ.pop("UPWARD_DATABASE_URL", None)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if OPTIONS.embedded:
    # A file, not memory: threads of the tests' server share it.
    DATABASES["default"]["TEST"] = {"NAME": Path(OPTIONS.home) / "test.sqlite3"}
