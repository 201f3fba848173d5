"""The zoo, as data only: families, entries, recipes, and their registry.

The sizes and hashes of the shipped files are in `checkpoints.json`, which
`python -m tools.rebuild_registry` writes.
"""

from ganzoo.zoo import (
    classics,
    digits,
    electrons,
    encoders,
    faces,
    glyphs,
    holes,
    modern,
    pairs,
    photos,
    sounds,
    text,
)
from ganzoo.zoo.families import FAMILIES
from ganzoo.zoo.forms import Entry

ENTRIES: dict[str, Entry] = {
    **digits.ENTRIES,
    **glyphs.ENTRIES,
    **electrons.ENTRIES,
    **pairs.ENTRIES,
    **holes.ENTRIES,
    **modern.ENTRIES,
    **faces.ENTRIES,
    **photos.ENTRIES,
    **classics.ENTRIES,
    **encoders.ENTRIES,
    **text.ENTRIES,
    **sounds.ENTRIES,
}

__all__ = ["ENTRIES", "FAMILIES"]
