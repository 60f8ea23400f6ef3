"""The networks messengers post on: their limits, counted as they count. Pure, no framework."""

from groundswell.messengers.networks.network import Measured, Network
from groundswell.messengers.networks.registry import NETWORKS, measure

__all__ = ["NETWORKS", "Measured", "Network", "measure"]
