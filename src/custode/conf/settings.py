"""Django's settings, made from Custode's options."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from custode.conf import private, secret
from custode.conf.databases import database
from custode.conf.options import load

OPTIONS = load()
HERE = Path(__file__).resolve().parent.parent
DATA: Path = OPTIONS["DATA"]
URL: str = OPTIONS["URL"]
IS_HTTPS = URL.startswith("https://")
HOST = urlsplit(URL).hostname or "localhost"

private.keep(DATA)
SECRET_KEY = secret.key(OPTIONS["SECRET_KEY"], DATA)
DEBUG = False
ALLOWED_HOSTS = [HOST] if HOST != "localhost" else ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [URL]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "csp",
    "django_tasks_db",
    "custode.guard",
    "custode.accounts",
    "custode.people",
    "custode.fields",
    "custode.signin",
    "custode.activities",
    "custode.clients",
    "custode.leads",
    "custode.prospecting",
    "custode.postsales",
    "custode.exchange",
    "custode.web",
    "custode.api",
    "custode.jobs",
    "custode.console",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "custode.api.entrance.Entrance",
    "custode.web.shell.https.OnlyHttps",
    "custode.signin.sessions.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "custode.signin.middleware.WhoActs",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "custode.web.shell.middleware.Answers",
]

ROOT_URLCONF = "custode.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "custode.web.shell.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "custode.web.shell.tags"],
        },
    }
]

DATABASES = {"default": database(OPTIONS["DATABASE_URL"], DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["custode.signin.backend.Password"]
PASSWORD_HASHERS = ["custode.signin.hashing.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "custode.signin.strength.NotOneself",
        "OPTIONS": {"user_attributes": ["first_name", "last_name", "email", "pending_email"]},
    },
    {"NAME": "custode.signin.strength.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
TWO_FACTOR_URL = "my_sign_in"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Attempts are counted in our own table, which all processes share (`signin.limits`).
ACCOUNT_RATE_LIMITS = False
ACCOUNT_ADAPTER = "custode.signin.adapter.Adapter"

CSRF_FAILURE_VIEW = "custode.web.shell.problems.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "custode.signin.sessions.store"
# A browser accepts a cookie with this prefix only from this very host, over https.
_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME = f"{_PREFIX}custode_session"
CSRF_COOKIE_NAME = f"{_PREFIX}custode_csrf"
DEVICE_COOKIE_NAME = f"{_PREFIX}custode_device"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if OPTIONS["BEHIND_PROXY"] else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("it", _("Italian"))]
LOCALE_PATHS = [HERE / "locale"]
FORMAT_MODULE_PATH = "custode.conf.formats"
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "custode.conf.storage.HashedFiles"},
}
MEDIA_ROOT = DATA / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
UPLOAD_BYTES = OPTIONS["UPLOAD_MB"] * 1024 * 1024
# Shown on the page of the API; given by setting, as one entrance imports nothing of another.
API_DOCUMENTS = "custode.api.documents.documents"
API_HOURLY = OPTIONS["API_HOURLY"]
API_HOURLY_ACCOUNT = OPTIONS["API_HOURLY_ACCOUNT"]
WEBHOOK_MAILS_HOURLY = OPTIONS["WEBHOOK_MAILS_HOURLY"]
ATTACHMENT_BYTES = OPTIONS["ATTACHMENT_MB"] * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

HAS_MAIL = bool(OPTIONS["MAIL_HOST"])
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if HAS_MAIL
    else "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT = OPTIONS["MAIL_HOST"], OPTIONS["MAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = OPTIONS["MAIL_USER"], OPTIONS["MAIL_PASSWORD"]
EMAIL_USE_TLS = OPTIONS["MAIL_TLS"] == "starttls"
EMAIL_USE_SSL = OPTIONS["MAIL_TLS"] == "tls"
EMAIL_TIMEOUT = 20
ACCOUNT_MAIL_PRIVATE = OPTIONS["ACCOUNT_MAIL_PRIVATE"]
WEBHOOKS_TO_PRIVATE_ADDRESSES = OPTIONS["WEBHOOKS_TO_PRIVATE_ADDRESSES"]
DEFAULT_FROM_EMAIL = OPTIONS["MAIL_FROM"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"no_links": {"()": "custode.conf.logs.NoLinks"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_links"],
        }
    },
    # A foreign Host header is answered 400; there is nothing that an operator can fix.
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}},
    "root": {"handlers": ["stderr"], "level": OPTIONS["LOG_LEVEL"].upper()},
}
