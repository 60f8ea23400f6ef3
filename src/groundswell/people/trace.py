"""An error in the words of the log: where it happened and what kind it is, and nobody's data.

An exception's own text may quote the value it stumbled over, which may be a supporter's. So its
text is only repeated where we know who wrote it.
"""

import smtplib
import traceback

from django.db import InterfaceError, OperationalError

# What these say is about machines: a host, a file, a lock, a full disk.
_KNOWN = (OSError, OperationalError, InterfaceError)


def said(error: BaseException) -> str:
    """The error in a line: its kind, and its text if that is ours or the machine's."""
    kind = type(error)
    # A mail server's sentence is an OSError to Python, and quotes the address.
    known = isinstance(error, _KNOWN) and not isinstance(error, smtplib.SMTPException)
    if known or kind.__module__.startswith("groundswell."):
        return f"{kind.__name__}: {error}"[:500]
    return kind.__name__


def trace(error: BaseException) -> str:
    """The error with its causes and the lines of code it came through, on several lines."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = f"{trace(cause)}\nand so:\n" if cause else ""
    lines = "".join(traceback.format_tb(error.__traceback__))
    return f"{before}{lines}{said(error)}"
