"""Django's settings, made from the declared ones in `base/env.py`."""

import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import pysqlite3
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy

from groundswell.base import env, keyring

# The standard library's SQLite on Debian 12 can corrupt a WAL database that two processes write
# (the WAL-reset bug, fixed in 3.51.3); this one is newer. It must be in place before Django looks.
sys.modules["sqlite3"] = pysqlite3

SETTINGS: Final = env.load()
BASE_DIR: Final = Path(__file__).parent
DEBUG = False
SECRET_KEY = keyring.secret(SETTINGS.path("keys"), "session").hex()
ROOT_URLCONF = "groundswell.studio.urls"
WSGI_APPLICATION = "groundswell.studio.wsgi.application"

INSTALLED_APPS = [
    "groundswell.studio",
    "groundswell.messengers",
    "groundswell.directline",
    "groundswell.people",
    "groundswell.campaigns",
    "groundswell.delivery",
    "groundswell.directory",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.settings",
    "groundswell.studio.apps.OrganisersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django.contrib.humanize",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "groundswell.studio.auth.RequireSecondFactor",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


def _database(url: str) -> dict[str, Any]:
    if url == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": SETTINGS.path("db.sqlite3"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # secure_delete: what is erased must be gone from the file, not only from the rows.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                " PRAGMA secure_delete=ON;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
    }


DATABASES = {"default": _database(SETTINGS.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Languages -----------------------------------------------------------------------------------


def _language(code: str) -> tuple[str, Any]:
    known = LANG_INFO.get(code) or LANG_INFO.get(code.partition("-")[0]) or {}
    return code, gettext_lazy(known.get("name", code))


USE_TZ = True
TIME_ZONE = SETTINGS.time_zone
LANGUAGE_CODE = SETTINGS.language_codes[0]
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [_language(code) for code in SETTINGS.language_codes]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "words"]
WAGTAIL_I18N_ENABLED = True
# One clock and one language for all organisers: dates that two of them type mean the same moment.
# With a single choice each, Wagtail does not ask.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English")]

# Who gets in ---------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "groundswell.studio.auth.OrganiserAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "groundswell.studio.second_factor.SealedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SETTINGS.production  # for http://localhost
MFA_TOTP_ISSUER = SETTINGS.site_name
# Organisers are made by an administrator, who knows the address; there is no sign-up to guard.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# Behind a proxy, login limits count by the address the proxy tells, and only then.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SETTINGS.trusted_proxies else 0

# Wagtail -------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = SETTINGS.site_name
WAGTAILADMIN_BASE_URL = SETTINGS.studio_url
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_RESET_ENABLED = False  # allauth does it, with limits
# Saving by itself races with the organiser's own click: two requests make the same new page, and
# one of them fails. Leaving with changes unsaved still asks first.
WAGTAIL_AUTOSAVE_INTERVAL = 0
WAGTAIL_FINISH_WORKFLOW_ACTION = "groundswell.studio.approval.publish"
WAGTAIL_USAGE_COUNT_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False  # approval has its own words; two places to talk lose some
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
# A translation starts as a draft: an English page in an Arabic dress helps nobody.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Pictures and files --------------------------------------------------------------------------
WAGTAILIMAGES_EXTENSIONS = ["avif", "jpg", "jpeg", "png", "webp"]  # SVG can carry scripts
WAGTAILIMAGES_IMAGE_FORM_BASE = "groundswell.studio.images.PictureForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = SETTINGS.path("media")
MEDIA_URL = "/media/"

# Mail to organisers --------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = SETTINGS.smtp_host
EMAIL_PORT = SETTINGS.smtp_port
EMAIL_HOST_USER = SETTINGS.smtp_user
EMAIL_HOST_PASSWORD = SETTINGS.smtp_password
EMAIL_USE_TLS = SETTINGS.smtp_tls == "starttls"
EMAIL_USE_SSL = SETTINGS.smtp_tls == "tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = WAGTAILADMIN_NOTIFICATION_FROM_EMAIL = SETTINGS.mail_from

# The browser's side of safety ----------------------------------------------------------------
_STUDIO: Final = urlsplit(SETTINGS.studio_url)
ALLOWED_HOSTS = [_STUDIO.hostname or "localhost", SETTINGS.host]
CSRF_TRUSTED_ORIGINS = [f"{_STUDIO.scheme}://{_STUDIO.netloc}"]
CSRF_FAILURE_VIEW = "groundswell.studio.views.csrf_failure"
CSRF_COOKIE_NAME = "studio_csrf"
SESSION_COOKIE_NAME = "studio_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the editor shows its preview in a frame
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if SETTINGS.production:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        # Wagtail's editor writes scripts and styles into its pages. Ours (login, errors) do not and
        # are stricter: see `entrance` in urls.py.
        "script-src": ["'self'", "'unsafe-inline'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}

# What is written down ------------------------------------------------------------------------
# Requests that fail are logged with their path alone: forms and addresses stay out of it, and so do
# the tokens of private pages.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"tokens": {"()": "groundswell.studio.private.log.WithoutTokens"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["tokens"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "groundswell": {"level": "INFO"},
    },
}
