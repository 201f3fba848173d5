"""Files of pictures to arrays: the one reader of folders, single pictures and array files.

    Pictures of the same name ending, wherever they lie in a folder: `files.py`
    one file to frames of 8 bits, or of floats where it has more: `decoding.py`
    another size to the wanted one: `fitting.py`
    what is said of what was done: `notes.py`
    one picture after another: `streaming.py`

`ganzoo.data.images` returns the array and warns; `read` returns names and notes beside it.
"""

from ganzoo.data.pictures.decoding import header
from ganzoo.data.pictures.files import ENDINGS, find_pictures
from ganzoo.data.pictures.notes import Notes
from ganzoo.data.pictures.reader import Pictures, is_array, picture_shape, read
from ganzoo.data.pictures.rules import Rules
from ganzoo.data.pictures.streaming import Picture, stream

__all__ = [
    "ENDINGS",
    "Notes",
    "Picture",
    "Pictures",
    "Rules",
    "find_pictures",
    "header",
    "is_array",
    "picture_shape",
    "read",
    "stream",
]
