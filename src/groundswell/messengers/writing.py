"""How a text is put together for posting. Pure: the same here, in the editor and on their page."""

from typing import Final

LINK: Final = "{link}"


def posted(text: str, *, disclosure: str = "", link: str = "") -> str:
    """The words as they are posted: the disclosure first, where nobody has to look for it.

    `{link}` becomes the link. A disclosure that the text already holds is not said twice.
    """
    whole = text.replace(LINK, link).strip()
    said = disclosure.strip()
    if said and said.casefold() not in whole.casefold():
        whole = f"{said}\n{whole}" if whole else said
    return whole
