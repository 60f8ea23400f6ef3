"""What a country has to say of itself so that its lookup can be built."""

import msgspec


class Postcodes(msgspec.Struct, frozen=True, kw_only=True):
    """How postcodes look. `pattern` is matched against one without spaces and hyphens, in capitals.

    The first `take` signs count, or all but the last -`take`; the first `shard` of them name the
    file they are in, so that one file stays small. `name` is what people there call a postcode.
    """

    pattern: str
    take: int
    shard: int
    name: str


class Country(msgspec.Struct, frozen=True, kw_only=True):
    """A country, and the kinds of office its postcodes lead to.

    Only offices whose contacts may be public belong here: the files are for everybody.
    """

    code: str
    kinds: tuple[str, ...]
    postcodes: Postcodes
