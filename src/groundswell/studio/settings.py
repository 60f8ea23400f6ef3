"""Django's settings, made from the declared ones in `base/env.py`."""

import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import pysqlite3

from groundswell.base import env, keyring

# The standard library's SQLite on Debian 12 can corrupt a WAL database that two processes write
# (the WAL-reset bug, fixed in 3.51.3); this one is newer. It must be in place before Django looks.
sys.modules["sqlite3"] = pysqlite3

SETTINGS: Final = env.load()
BASE_DIR: Final = Path(__file__).parent
INSTALLED_APPS = [
    "groundswell.studio",
    "groundswell.people",
    "groundswell.campaigns",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]


def _database(url: str) -> dict[str, Any]:
    if url == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": SETTINGS.path("db.sqlite3"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
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
USE_TZ = True
TIME_ZONE = SETTINGS.time_zone
WAGTAIL_SITE_NAME = SETTINGS.site_name
WAGTAILADMIN_BASE_URL = SETTINGS.studio_url
WAGTAIL_I18N_ENABLED = True
SECRET_KEY = keyring.secret(SETTINGS.path("keys"), "session").hex()
STATIC_URL = "/static/"
MEDIA_ROOT = SETTINGS.path("media")
MEDIA_URL = "/media/"
