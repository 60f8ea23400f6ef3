"""`groundswell settings` and `groundswell version`."""

from importlib import metadata

from groundswell.base import env


def settings() -> None:
    """Every setting with the value in effect; a secret only as set or not set."""
    loaded = env.load()
    rows = env.describe()
    width = max(len(name) for name, *_ in rows)
    for name, _default, _help, secret in rows:
        value = str(getattr(loaded, name.removeprefix(env.PREFIX).lower()))
        if secret and value and value != "sqlite":
            value = "(set, not shown)"
        print(f"{name:<{width}}  {value}".rstrip())


def version() -> None:
    """The version, as in CHANGELOG.md."""
    print(f"groundswell {metadata.version('groundswell')}")
