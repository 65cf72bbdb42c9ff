"""Settings of the worker processes that tests start: they look at the test's own database."""

from __future__ import annotations

import os

from custode.conf.settings import HAS_MAIL
from custode.conf.test_settings import *  # noqa: F403 (settings are made so)
from custode.conf.test_settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["HOUSE_TEST_DATABASE"]
if HAS_MAIL:
    # A test that runs a mail server has mails go there.
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
