"""Batches of arrays whose order can be taken up inside an epoch."""

from ganzoo.batches.base import PICTURES, Batches, Examples
from ganzoo.batches.groups import GroupedBatches
from ganzoo.batches.order import fit_in_order
from ganzoo.batches.sets import ShuffledBatches, StyledBatches, UnpairedBatches

__all__ = [
    "PICTURES",
    "Batches",
    "Examples",
    "GroupedBatches",
    "ShuffledBatches",
    "StyledBatches",
    "UnpairedBatches",
    "fit_in_order",
]
