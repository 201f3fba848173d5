"""Where the data of the zoo's recipes come from: one table for messages and `ganzoo prepare`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ganzoo.data.downloads import (
    CLERICAL,
    CLOTHING,
    FASHION_MNIST,
    FLOWERS,
    FRUITS,
    IDX,
    MNIST,
    OPENMOJI,
    PACKAGES,
    SOUNDFONT,
    Downloads,
)
from ganzoo.data.picture_downloads import DOODLES, FLAMINGOS, KODAK, PHOTOS, PORTRAITS
from ganzoo.errors import DataError

_MIB = 1 << 20


@dataclass(frozen=True)
class Origin:
    """A set of data and its source.

    Attributes:
        what: What it is, in a few words.
        page: Address for people.
        licence: Of the data.
        credit: Whom to credit.
        downloads: What is fetched.
        files: What is made of it, below the folder that GANZOO_DATA names.
        room: Bytes that the made files take, at most.
        note: In what the made files differ from those that the zoo's models were trained on, one
            line; empty where they are the same.
    """

    what: str
    page: str
    licence: str
    credit: str
    downloads: Downloads
    files: tuple[str, ...]
    room: int
    note: str = ""


def folder() -> Path:
    """Return the folder of the data: GANZOO_DATA, else `data` in the working directory."""
    return Path(os.environ.get("GANZOO_DATA") or "data")


def missing(path: Path, name: str, what: str = "", own: str = "") -> DataError:
    """Return the error that a file is missing: what it is, and the command that makes it.

    Args:
        path: Where it was looked for.
        name: Of its set in `ORIGINS`.
        what: What it is, if not all of the set.
        own: The option that names pictures of one's own instead, if any.
    """
    origin = ORIGINS[name]
    instead = f" Or name pictures of your own with {own}." if own else ""
    return DataError(
        f"{path} is missing: {what or origin.what}, {origin.page}. Get it with `ganzoo prepare "
        f"{name}`, or set GANZOO_DATA to the folder that has it.{instead}"
    )


_CLERICAL_CREDIT = "Ministry of Education, R.O.C. (Taiwan)"
ORIGINS: dict[str, Origin] = {
    "mnist": Origin(
        what="60,000 + 10,000 handwritten digits",
        page="https://yann.lecun.com/exdb/mnist/",
        licence="CC BY-SA 3.0",
        credit="Yann LeCun, Corinna Cortes",
        downloads=MNIST,
        files=tuple(f"mnist/{name}" for name in IDX),
        room=12 * _MIB,
    ),
    "fashion_mnist": Origin(
        what="60,000 + 10,000 pictures of clothes",
        page="https://github.com/zalandoresearch/fashion-mnist",
        licence="MIT",
        credit="Zalando SE, 2017",
        downloads=FASHION_MNIST,
        files=tuple(f"fashion_mnist/{name}" for name in IDX),
        room=32 * _MIB,
    ),
    "glyphs": Origin(
        what="the fonts of the clerical and the semi-cursive script",
        page="https://language.moe.gov.tw and the Debian package fonts-kouzan-mouhitsu",
        licence="CC BY-ND 3.0 TW; public domain",
        credit=f"{_CLERICAL_CREDIT}; Kouzan Aoyagi",
        downloads=(CLERICAL, PACKAGES["fonts-kouzan-mouhitsu"]),
        files=("fonts/TW-MOE-Li.ttf", "fonts/kouzan-mouhitsu-gyosho.ttf"),
        room=11 * _MIB,
    ),
    "styles": Origin(
        what="the fonts of sixteen hands and of their source",
        page="https://language.moe.gov.tw and 14 Debian packages",
        licence="by font, see `ganzoo.data.styles`",
        credit="by font, see `ganzoo.data.styles`",
        downloads=(CLERICAL, *PACKAGES.values()),
        files=("fonts/styles/",),
        room=200 * _MIB,
    ),
    "openmoji": Origin(
        what="4,196 emoji of OpenMoji 17.0.0, outline and colour",
        page="https://openmoji.org",
        licence="CC BY-SA 4.0",
        credit="OpenMoji",
        downloads=(OPENMOJI,),
        files=("emoji/openmoji_64.npz",),
        room=8 * _MIB,
    ),
    "flowers": Origin(
        what="3,426 photographs of flowers, of TensorFlow's flower_photos",
        page="https://www.tensorflow.org/datasets/catalog/tf_flowers",
        licence="CC BY 2.0",
        credit="the photographers on Flickr, by the ids in the names",
        downloads=(FLOWERS,),
        files=("flowers/flowers_128.zip",),
        room=64 * _MIB,
    ),
    "clothing": Origin(
        what="3,529 photographs of clothes",
        page="https://github.com/alexeygrigorev/clothing-dataset-small",
        licence="CC0 1.0",
        credit="Alexey Grigorev and 32 contributors",
        downloads=(CLOTHING,),
        files=("clothing/clothing_128.zip",),
        room=48 * _MIB,
    ),
    "fruits": Origin(
        what="views of 13 apples and 9 tomatoes, of Fruits-360",
        page="https://github.com/fruits-360/fruits-360-3-body-problem",
        licence="CC BY-SA 4.0",
        credit="Fruits-360, Mihai Oltean",
        downloads=(FRUITS,),
        files=("fruits/apple_tomato_64.npz",),
        room=48 * _MIB,
    ),
    "photos": Origin(
        what="33 photographs to learn super-resolution from, short side 720",
        page="https://github.com/pop-os/wallpapers and the Debian packages lomiri-wallpapers-16.04 "
        "and -20.04",
        licence="public domain, CC0 1.0, CC BY 4.0, CC BY-SA 3.0 or 4.0, by file",
        credit="by file, see photos/CREDITS.txt",
        downloads=tuple(dict.fromkeys(PHOTOS.values())),
        files=("photos/",),
        room=16 * _MIB,
    ),
    "kodak": Origin(
        what="12 of the 24 photographs of the Kodak set, which nothing is trained on",
        page="https://r0k.us/graphics/kodak/",
        licence="released by Kodak for unrestricted use",
        credit="Eastman Kodak Company",
        downloads=tuple(KODAK.values()),
        files=tuple(f"kodak/{name}" for name in KODAK),
        room=10 * _MIB,
    ),
    "faces": Origin(
        what="official portraits of US and UK politicians, aligned crops of 64x64",
        page="https://github.com/Hainish/congress-images-225x275 and "
        "https://github.com/mysociety/theyworkforyou",
        licence="US: public domain; UK: CC BY 3.0",
        credit="U.S. Government Publishing Office; Chris McAndrew and others / UK Parliament",
        downloads=PORTRAITS,
        files=("faces/politicians_64.npz",),
        room=40 * _MIB,
        note="the crops are made by another face detector than those of the zoo's models, from the "
        "portraits of today; another tenth of them is held out",
    ),
    "quickdraw": Origin(
        what="18,000 doodles of Google's Quick, Draw!, six kinds, and 25 flamingos",
        page="https://github.com/googlecreativelab/quickdraw-dataset",
        licence="CC BY 4.0",
        credit="Google, Quick, Draw!",
        downloads=(*DOODLES.values(), FLAMINGOS),
        files=("quickdraw/quickdraw_28.npz",),
        room=8 * _MIB,
    ),
    "notes": Origin(
        what="4,320 notes of 60 instruments of a SoundFont, one second each",
        page="https://packages.debian.org/bookworm/fluid-soundfont-gm",
        licence="MIT",
        credit="Frank Wen, Toby Smithe",
        downloads=(SOUNDFONT,),
        files=("notes/notes_8k.npz",),
        room=80 * _MIB,
    ),
}
