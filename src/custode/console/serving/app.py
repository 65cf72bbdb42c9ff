"""What granian loads in its worker: Django behind the bridge."""

from __future__ import annotations

from django.conf import settings

from custode.conf.wsgi import application
from custode.console.serving.bridge import Bridge

FORM = 1024 * 1024
"""Bytes that a form may have beside the file it brings."""

app = Bridge(application, threads=settings.OPTIONS["THREADS"], longest=settings.UPLOAD_BYTES + FORM)
