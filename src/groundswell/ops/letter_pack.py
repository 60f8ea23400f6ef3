"""`groundswell letters pack`: a folder with one decision maker's letters, to hand over."""

import importlib
from pathlib import Path
from uuid import UUID

from groundswell.base.errors import Trouble
from groundswell.ops import django


def write(*, page: str, target: str, folder: str) -> None:
    """Write cover, letters and list into a folder. It holds personal data: look after it."""
    django.prepared()
    handover = importlib.import_module("groundswell.people.handover")
    place = Path(folder)
    if place.exists() and any(place.iterdir()):
        raise Trouble(f"{folder} is not empty")
    try:
        files = handover.write(place, page_key=UUID(page), target=target)
    except ValueError as error:
        raise Trouble(f"{page} is no page's key") from error
    except handover.NoSuchPack as error:
        raise Trouble(str(error)) from error
    for file in files:
        print(file)
