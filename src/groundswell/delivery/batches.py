"""When letters with the same text that wait for one another go out together."""

from datetime import UTC, datetime, timedelta

from groundswell.base import env


def closes(now: datetime) -> datetime:
    """The end of the window that `now` lies in: everybody's windows end at the same moments."""
    window = timedelta(hours=env.load().letters_batch_hours)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + window * ((now - epoch) // window + 1)
