"""Every network keeps the same contract."""

from datetime import date

import pytest

from groundswell.messengers.networks import NETWORKS, Network, measure

LINK = "https://act.example.org/k/x7p2"


@pytest.mark.parametrize("network", NETWORKS.values(), ids=lambda one: one.code)
def test_it_says_what_it_allows_and_who_says_so(network: Network) -> None:
    assert NETWORKS[network.code] is network
    assert network.code == network.code.lower()
    assert network.limit > 0
    assert network.said_by in ("network", "others", "ours")
    if network.said_by != "ours":
        assert network.source_url.startswith(("https://", "http://"))
        assert network.checked_on is not None
        assert network.checked_on >= date(2026, 11, 22)
    assert network.notes


@pytest.mark.parametrize("network", NETWORKS.values(), ids=lambda one: one.code)
def test_it_measures_at_its_edge(network: Network) -> None:
    assert measure(network.code, "").length == 0
    assert "length" not in measure(network, "a" * network.limit).over
    assert "length" in measure(network, "a" * (network.limit + 1)).over


@pytest.mark.parametrize("network", NETWORKS.values(), ids=lambda one: one.code)
def test_it_opens_with_text_and_link(network: Network) -> None:
    address = network.open_url("Sign & share: für uns", LINK)
    if not network.intent:
        assert address == ""
        return
    assert "%2Fk%2Fx7p2" in address
    assert address.count("x7p2") == 1
    assert network.open_url(f"Sign {LINK} now", LINK).count("x7p2") == 1
    assert " " not in address
    assert "für" not in address


def test_it_opens_nothing_with_a_text_no_address_can_hold() -> None:
    assert NETWORKS["whatsapp"].open_url("日" * 4000, LINK) == ""


def test_it_knows_the_networks_of_the_brief() -> None:
    limits = {code: one.limit for code, one in NETWORKS.items()}
    assert limits["x"] == 280
    assert limits["bluesky"] == 300
    assert limits["mastodon"] == limits["threads"] == 500
    assert limits["instagram"] == 2200
    assert NETWORKS["instagram"].hashtags_max == 30
    assert set(limits) >= {"tiktok", "facebook", "linkedin", "telegram", "whatsapp"}
