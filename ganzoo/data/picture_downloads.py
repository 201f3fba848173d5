"""Downloads of photographs, portraits and doodles, as `ganzoo.data.downloads` has the others.

The hashes are those of the files themselves (the Kodak set, the flamingos) and of Debian. Of what
GitHub and Google send none is stated for the whole file: photographs are compared in their sizes,
doodles in the SHA-256 of their pixels, and portraits are counted.
"""

from __future__ import annotations

from ganzoo.data.downloads import Download, Downloads, debian

_MIB = 1 << 20
SIZES = {  # of the photographs that are made: width, height
    "Bridge_by_Sander_Klootwijk": (1280, 720),
    "Dragonfly_by_Bolly": (960, 720),
    "Fossa_by_Jasper_Roks": (1280, 720),
    "Infinite-Sea_by_Aury88": (720, 720),
    "Kleiber_by_Lukas_Baubkus": (1280, 720),
    "Painting-Colors_by__herobrine7gamer": (1080, 720),
    "Picture_0B_by_freespace": (1064, 720),
    "Picture_1A_by_freespace": (915, 720),
    "Wine_by_Jakkub_Mede": (720, 1079),
    "ahmadreza-sajadi-10140-edit": (1397, 720),
    "aitzgorri_by_Aitzol_Berasategi": (1081, 720),
    "free_by_Peter_Nerlich": (960, 720),
    "friends_by_Aitzol_Berasategi": (720, 1081),
    "galen-crout-175291": (1278, 720),
    "greentock_by_Peter_Nerlich": (960, 720),
    "jad-limcaco-183877": (1188, 720),
    "jake-hills-36605": (1080, 720),
    "jared-evans-119758": (1227, 720),
    "kait-herzog-8242": (749, 720),
    "life_by_Aitzol_Berasategi": (1081, 720),
    "nasa-45068": (720, 720),
    "nasa-53884": (1082, 720),
    "nasa-89127": (1498, 720),
    "ng-32703": (1080, 720),
    "picosdeeuropa_by_Aitzol_Berasategi": (960, 720),
    "samuel-zeller-337041": (1080, 720),
    "sean-afnan-244576": (1080, 720),
    "sebastien-gabriel-232361": (1080, 720),
    "seeding_by_Clements_Engelhardt": (1280, 720),
    "spacex-81773": (1080, 720),
    "sunset_by_Aitzol_Berasategi": (1080, 720),
    "tony-webster-97532": (1080, 720),
    "umang_by_Abhishek_Mudgal": (1280, 720),
}
WALLPAPERS: dict[str, Download] = {
    "16.04": debian(
        "lomiri-wallpapers/lomiri-wallpapers-16.04_20.04.0-2",
        15_783_184,
        "a99ff6a3bfe451e4cc0682ecb3cc82e71740626d59e4845ae34a0a0e45421eab",
    ),
    "20.04": debian(
        "lomiri-wallpapers/lomiri-wallpapers-20.04_20.04.0-2",
        11_377_208,
        "d44e89b8473aafe64a5b678f014862dc31335aaaf18665c544d985d854f1a709",
    ),
}
_CREDITED = "_by_"  # in the names of those in Debian's packages
_NEW = ("Fossa", "Infinite-Sea", "Kleiber", "Painting-Colors")


def _unsplash(name: str) -> Download:
    base = "https://raw.githubusercontent.com/pop-os/wallpapers/HEAD/original/"
    return Download(f"{name}.jpg", (f"{base}{name}.jpg",), 64 * _MIB)


def _photograph(name: str) -> Download:
    if _CREDITED not in name:
        return _unsplash(name)
    return WALLPAPERS["20.04" if name.startswith(_NEW) else "16.04"]


PHOTOS = {name: _photograph(name) for name in SIZES}
_KODAK = {
    "01.png": (
        736_501, "a56e27cbf5f843c048b6af1d6e090760e9c92fadba88b7dee0205918a37523bd",
    ),
    "03.png": (
        502_888, "e25ca1ff2f0c0cb5fdfd5f9b0a0bb21ac4c3de3c84a67f35b09a85d3306249db",
    ),
    "05.png": (
        785_610, "10349e963c5c813d327852f82c1795fa4148d69fedffc4c589bee458e3ac3d53",
    ),
    "07.png": (
        566_322, "b77d3f006f42414bb242222e0482e750c0fb9e5ee8d4bed2f6f11c5605fe54a4",
    ),
    "09.png": (
        582_899, "6a4361c2fc194feb4edaa9f9a4a0620fb9943e460ac7fdf037fb0f6dd6607a7d",
    ),
    "11.png": (
        621_023, "7936814b58b5387fce2e4e2488b4ec830dadd95fa9520f358ddb30990b50f2b6",
    ),
    "13.png": (
        822_712, "bc34a3ce58dea09dce1704c997171602de90cb34d0c8503a988b77f473d39b08",
    ),
    "15.png": (
        612_582, "7538cbb80cb9103606c48b806eae57d56c885c7f90b9b3be70a41160f9cbb683",
    ),
    "17.png": (
        602_078, "37afcc89fbdcb76d9518e04b2fc011027e2f4cd14b3b2f83cefd721641a47c5b",
    ),
    "19.png": (
        671_476, "b7450b264b1b0a411390d8931b112c27905a992520fc90569dc4b920aa32bbdc",
    ),
    "21.png": (
        637_051, "ac958597c82073f6bb65129c68f72b651db5b9efd82e11547d07350214bc268b",
    ),
    "23.png": (
        557_596, "e3111a2fd4da24af15d6459ef9eacfe54106b38e27b4a21821b75c3f5d2d5baf",
    ),
}  # fmt: skip
KODAK = {
    name: Download(
        f"kodim{name}", (f"https://r0k.us/graphics/kodak/kodak/kodim{name}",), size, sha256
    )
    for name, (size, sha256) in _KODAK.items()
}
US_PORTRAITS = Download(
    "congress-images-225x275.tar.gz",
    ("https://github.com/Hainish/congress-images-225x275/archive/HEAD.tar.gz",),
    1024 * _MIB,
)
UK_PORTRAITS = Download(
    "theyworkforyou.tar.gz",
    ("https://github.com/mysociety/theyworkforyou/archive/HEAD.tar.gz",),
    2048 * _MIB,
)
PORTRAITS: Downloads = (US_PORTRAITS, UK_PORTRAITS)
DOODLES_OF_A_KIND, DOODLE_BYTES = 3000, 28 * 28
_HEADER = 128  # bytes before the pixels of a .npy file, at most
_QUICKDRAW = "https://storage.googleapis.com/quickdraw_dataset/full"
DOODLES = {
    kind: Download(
        f"{kind}.npy",
        (f"{_QUICKDRAW}/numpy_bitmap/{kind}.npy",),
        _HEADER + DOODLES_OF_A_KIND * DOODLE_BYTES,
        beginning=True,
    )
    for kind in ("apple", "bicycle", "cat", "diamond", "eye", "fish")
}
FLAMINGOS = Download(
    "flamingo.ndjson",
    (f"{_QUICKDRAW}/simplified/flamingo.ndjson",),
    11_730,
    "e620ac5a1d23c8ee1bbf3c2512fea7ab583c50bd79ec2b4535dd5007d1116ceb",
    beginning=True,
)
