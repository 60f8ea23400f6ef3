"""Keeps private links out of the log: a token is a key, and logs are read by others and kept."""

import logging
import re
from typing import Final

_TOKEN: Final = re.compile(r"(/[ms]/)[^/\s?#'\"]+")


class WithoutTokens(logging.Filter):
    """Writes `/m/…` for the address of a private page, wherever a record names one."""

    def filter(self, record: logging.LogRecord) -> bool:
        words = record.getMessage()
        if "/m/" in words or "/s/" in words:
            record.msg, record.args = _TOKEN.sub(r"\1…", words), ()
        return True
