"""Files of pictures to arrays: the one reader of folders, single pictures and array files.

    Pictures of the same name ending, wherever they lie in a folder: `files.py`
    one file to frames of 8 bits, or of floats where it has more: `decoding.py`
    another size to the wanted one: `fitting.py`
    what is said of what was done: `notes.py`

`ganzoo.data.images` returns the array and warns; `read` returns names and notes beside it.
"""

from ganzoo.data.pictures.files import ENDINGS, find_pictures
from ganzoo.data.pictures.reader import Pictures, picture_shape, read
from ganzoo.data.pictures.rules import Rules

__all__ = ["ENDINGS", "Pictures", "Rules", "find_pictures", "picture_shape", "read"]
