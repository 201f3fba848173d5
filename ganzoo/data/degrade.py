"""From a picture to a small one as a camera or a web page would give it: reduced, noisy, JPEG.

The reduction is `ganzoo.resampling.reduced`, the published convention; noise and JPEG are optional,
as in the blind super-resolution of Real-ESRGAN (Wang et al. 2021, arXiv:2107.10833), section 3.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from ganzoo.checks import check_count
from ganzoo.errors import InvalidArgumentError
from ganzoo.resampling import check_scale, reduced


@dataclass(frozen=True)
class Degradation:
    """What becomes of a large picture before a model enlarges it again.

    Attributes:
        scale: The sides are divided by 2, 3 or 4.
        noise: Largest standard deviation of Gaussian noise, in levels of 8 bits, >= 0; that of a
            picture is uniform below it.
        jpeg: (lowest, highest) quality of JPEG, 1 to 95, uniform between them; None for none.
    """

    scale: int
    noise: float = 0.0
    jpeg: Sequence[int] | None = None

    def __post_init__(self) -> None:
        check_scale(self.scale)
        if not 0.0 <= self.noise <= 255.0:
            raise InvalidArgumentError(f"noise must be from 0 to 255 levels; got {self.noise!r}.")
        if self.jpeg is not None:
            low, high = self.jpeg
            check_count("jpeg's lowest quality", low, most=95)
            check_count("jpeg's highest quality", high, most=95, least=low)

    def __call__(self, pictures: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Return uint8 (n, h / scale, w / scale, c) of uint8 pictures (n, h, w, c).

        Args:
            pictures: Their sides are multiples of the scale.
            random: Draws noise and qualities.
        """
        return self.spoilt(reduced(pictures, self.scale), random)

    def spoilt(self, pictures: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Return small pictures, uint8 (n, h, w, c), with noise and through JPEG."""
        if not self.noise and self.jpeg is None:
            return pictures
        return np.stack([self._spoilt(picture, random) for picture in pictures])

    def _spoilt(self, picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
        if self.noise:
            drawn = random.standard_normal(picture.shape) * random.uniform(0.0, self.noise)
            picture = np.clip(np.rint(picture + drawn), 0, 255).astype(np.uint8)
        if self.jpeg is None:
            return picture
        quality = int(random.integers(self.jpeg[0], self.jpeg[1] + 1))
        return through_jpeg(picture, quality)


def through_jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    """Return a picture, uint8 (h, w, 1 or 3), after JPEG of a quality from 1 to 95."""
    grey = picture.shape[-1] == 1
    file = io.BytesIO()
    Image.fromarray(picture[..., 0] if grey else picture).save(file, "JPEG", quality=quality)
    with Image.open(file) as opened:
        made = np.asarray(opened)
    return made[..., None] if grey else made
