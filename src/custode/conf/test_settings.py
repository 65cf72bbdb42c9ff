"""Settings for the tests: a fast password hasher, plain static files, a temporary folder."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("CUSTODE_DATA", tempfile.mkdtemp(prefix="custode-tests-"))

from custode.conf.settings import *  # noqa: F403 (the folder must be set before)
from custode.conf.settings import DATA, DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["localhost", "testserver", "127.0.0.1"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: browser tests and jobs read it from other threads.
    DATABASES["default"]["TEST"] = {"NAME": DATA / "test.sqlite3"}
