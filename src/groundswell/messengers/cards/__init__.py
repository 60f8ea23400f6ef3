"""Share cards: pictures with a campaign's words and count, for links, stories and squares.

`draw` makes a picture of any sheet; `card` says what stands on a card; `publishing` keeps those at
the public door up to date; `files` says where they are.
"""
