"""Share cards: pictures with a campaign's words and count, for links, stories and squares.

`draw.png` makes a picture of any sheet; `card.make` makes a card; `publishing.refresh` keeps those
at the public door up to date; `queries` says where they are.
"""
