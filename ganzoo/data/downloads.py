"""Files that `ganzoo prepare` fetches: addresses, sizes and hashes.

The hashes are those of the registries (Debian's and npm's), of the canonical files, or as published
(TensorFlow Datasets, for the flowers). GitHub may pack an archive anew, so of its archives none is
stated; there, the pictures in them are counted and named. Of the clerical font's zip, the font has
a hash. `picture_downloads` has those of photographs, faces and doodles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

_MIB = 1 << 20


@dataclass(frozen=True)
class Download:
    """A file that is fetched.

    Attributes:
        name: Its name below a mirror.
        addresses: Where it is, the next one for the case that it has gone from the first.
        size: Bytes; without a hash, the most that is accepted.
        sha256: Hex; empty where none is known.
        beginning: The first `size` bytes alone are wanted; the file has more.
    """

    name: str
    addresses: tuple[str, ...]
    size: int
    sha256: str = ""
    beginning: bool = False

    @property
    def known(self) -> bool:
        """Whether so many bytes are fetched, and not at most so many."""
        return bool(self.sha256) or self.beginning


Downloads = tuple[Download, ...]


def _idx(
    bases: tuple[str, ...], files: Mapping[str, tuple[int, str]], prefix: str = ""
) -> Downloads:
    return tuple(
        Download(prefix + name, tuple(base + name for base in bases), size, sha256)
        for name, (size, sha256) in files.items()
    )


def debian(path: str, size: int, sha256: str) -> Download:
    """A package of Debian 12, in the archive that keeps every version."""
    pool = f"pool/main/{path[0]}/{path}_all.deb"
    base = "https://snapshot.debian.org/archive/debian/20250520T000000Z/"
    return Download(PurePosixPath(pool).name, (base + pool,), size, sha256)


_MNIST = {
    "train-images-idx3-ubyte.gz": (
        9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    "train-labels-idx1-ubyte.gz": (
        28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    "t10k-images-idx3-ubyte.gz": (
        1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    "t10k-labels-idx1-ubyte.gz": (
        4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
}  # fmt: skip
_FASHION = {
    "train-images-idx3-ubyte.gz": (
        26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    ),
    "train-labels-idx1-ubyte.gz": (
        29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    ),
    "t10k-images-idx3-ubyte.gz": (
        4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    ),
    "t10k-labels-idx1-ubyte.gz": (
        5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ),
}  # fmt: skip
MNIST = _idx(
    (
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ),
    _MNIST,
)
FASHION_MNIST = _idx(
    (
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ),
    _FASHION,
    "fashion-",
)
IDX = tuple(_MNIST)  # the four names, of both
PACKAGES: dict[str, Download] = {
    "fonts-aoyagi-soseki": debian(
        "fonts-aoyagi-soseki/fonts-aoyagi-soseki_20070207-17",
        3_116_080,
        "d5d32b6d26155a5731c1a766d0e66ccd63778c5eebc955cf868a63b86c269585",
    ),
    "fonts-cns11643-kai": debian(
        "fonts-cns11643/fonts-cns11643-kai_103.1+20181001-1",
        59_917_200,
        "c8c92e76357c0980b50d80d83674a5109a11624df83b9994c9118ad3aec31ece",
    ),
    "fonts-dejima-mincho": debian(
        "fonts-dejima-mincho/fonts-dejima-mincho_227-16",
        2_119_872,
        "c86e6a7e9e54708ea9c0daa9ca321746890ab6d7c08493de65f3b90d9fa9100d",
    ),
    "fonts-dotgothic16": debian(
        "fonts-dotgothic16/fonts-dotgothic16_1.000-20210120-2",
        5_323_424,
        "970fd4b56295b515788dfea8eb442e4fcffcdb57b03e80ffbcb2775f7b153dde",
    ),
    "fonts-kiloji": debian(
        "fonts-kiloji/fonts-kiloji_2.1.0-25",
        9_675_988,
        "d80100f41da216751b3d80a27dd573d12a5cde02d883d2867d866e6895527c6e",
    ),
    "fonts-klee": debian(
        "fonts-klee/fonts-klee_1.000-20210121-2",
        63_818_724,
        "5378d3169728ceb95a2ae653a64762cd8f3b82a968a4ae72bb168a034fbf4c54",
    ),
    "fonts-kouzan-mouhitsu": debian(
        "fonts-kouzan-mouhitsu/fonts-kouzan-mouhitsu_20170411-3",
        11_049_332,
        "924536ceff9359b99996e56cd24633df67d696a343ba46f9e3106e8cee228dbe",
    ),
    "fonts-lxgw-wenkai": debian(
        "fonts-lxgw-wenkai/fonts-lxgw-wenkai_1.250+repack-1",
        51_578_272,
        "6d1e4c4aac78ad32062aefa2c836ee4d6e58f9dcf8b3f4407c9eefe304615318",
    ),
    "fonts-motoya-l-maruberi": debian(
        "fonts-motoya-l-maruberi/fonts-motoya-l-maruberi_1.01-5",
        1_457_580,
        "22af24c8dd84ace4709b4a8e899f81e8d290c0c36c0f43c49af2c185c9988c31",
    ),
    "fonts-rampart": debian(
        "fonts-rampart/fonts-rampart_1.000-20210120-2",
        12_067_608,
        "b89555111a11d3efe14fc9358cb6d96c18be1c22c4004f728264cb820c6b4a11",
    ),
    "fonts-rocknroll": debian(
        "fonts-rocknroll/fonts-rocknroll_1.000-20210120-2",
        8_833_100,
        "4993542455f142a75ecd1838d769986993d2f56abd2cd79b189841079b1bbffe",
    ),
    "fonts-seto": debian(
        "fonts-seto/fonts-seto_6.20-8",
        7_142_620,
        "1ce0b6124d635036d64462d7f0bece68d79608713a51d0664d4aa03da882fe2c",
    ),
    "fonts-stick": debian(
        "fonts-stick/fonts-stick_1.000-20210120-2",
        6_747_212,
        "ddc9236a7e4a3a6d029178d208093821510e61d7658fd3e1b716485a97df90f1",
    ),
    "fonts-yusei-magic": debian(
        "fonts-yusei-magic/fonts-yusei-magic_1.000-20210130-2",
        8_446_348,
        "4030d34292e317ecc9dc10a68ae309a8c27ec93f256c058d248017b5051beede",
    ),
}
CLERICAL = Download(  # the font in it is compared with its hash
    "MoeLI-3.0.zip",
    ("https://language.moe.gov.tw/001/Upload/Files/site_content/M0001/MoeLI-3.0.zip",),
    64 * _MIB,
)
OPENMOJI = Download(
    "openmoji-17.0.0.tgz",
    ("https://registry.yarnpkg.com/openmoji/-/openmoji-17.0.0.tgz",),
    4_339_458,
    "55ee7d13485dec86e9f38c1f3a645a13382d33ff97c0cd845ee824b0aef45e68",
)
FLOWERS = Download(
    "flower_photos.tgz",
    ("https://storage.googleapis.com/download.tensorflow.org/example_images/flower_photos.tgz",),
    228_813_984,
    "4c54ace7911aaffe13a365c34f650e71dd5bf1be0a58b464e5a7183e3e595d9c",
)
CLOTHING = Download(
    "clothing-dataset-small.tar.gz",
    ("https://github.com/alexeygrigorev/clothing-dataset-small/archive/refs/heads/master.tar.gz",),
    1024 * _MIB,
)
FRUITS = Download(
    "fruits-360-3-body-problem.tar.gz",
    ("https://github.com/fruits-360/fruits-360-3-body-problem/archive/refs/heads/main.tar.gz",),
    1024 * _MIB,
)
SOUNDFONT = debian(
    "fluid-soundfont/fluid-soundfont-gm_3.1-5.3",
    119_610_208,
    "6f531493ac4e4d9772fd96b2488ea1790af81c196135fbdd25997da0781fc60e",
)
