"""The zoo, as data only: families, entries, recipes, and their registry."""

from ganzoo.zoo.families import ENTRIES, FAMILIES

__all__ = ["ENTRIES", "FAMILIES"]
