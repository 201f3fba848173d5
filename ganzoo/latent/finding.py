"""The way back: the latents, or the styles, of given pictures.

Gradient descent through the generator, as in Creswell and Bharath 2016, "Inverting the Generator of
a Generative Adversarial Network" (arXiv:1611.05644), from the best of many drawn latents; for
styles as in Karras et al. 2020 (StyleGAN2, arXiv:1912.04958, appendix D), without its noise.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ganzoo.checks import check_count, check_number
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.random import draw_latents as draw

CANDIDATES = 512  # latents, or styles, that are drawn to begin with the best of them


class Inversion(NamedTuple):
    """What `invert` found.

    Attributes:
        latents: float32 (n, latent_dim).
        images: What the generator makes of them, float32 (n, height, width, channels).
        errors: Root mean square difference of each from the image asked for, (n,); pixel values
            reach from -1 to 1.
    """

    latents: np.ndarray
    images: np.ndarray
    errors: np.ndarray


def invert(
    gan: Any,
    images: Any,
    *,
    label: Any = None,
    steps: int = 300,
    starts: int = 4,
    candidates: int = CANDIDATES,
    learning_rate: float = 0.1,
    prior: float = 1e-3,
    seed: int = 0,
) -> Inversion:
    """Find the latents of given images: those whose pictures are nearest to them.

    Minimises the mean square difference of the pixel values plus `prior` times the mean
    square of the latent's coordinates, which keeps it where latents are drawn from.

    Args:
        gan: A GAN of images; its averaged generator is used where there is one.
        images: In [-1, 1], shape (n, height, width, channels).
        label: What a conditional model is asked for, as for `gan.condition(n, label)`.
        steps: Steps of Adam.
        starts: How many latents each image starts from; the best end is kept.
        candidates: How many are drawn to choose these from.
        learning_rate: The first one; it falls to a tenth.
        prior: Weight of the latent's square.
        seed: Seeds the candidates.

    Raises:
        DataError: The images are of another shape than the GAN's, or outside [-1, 1].
    """
    from ganzoo.latent import inversion

    images = _checked(gan, images, prior, learning_rate)
    starts = check_count("starts", starts)
    drawn = draw(max(starts, check_count("candidates", candidates)), gan.latent_dim, seed)
    condition = gan.condition(len(images), label)
    options = {"steps": check_count("steps", steps), "learning_rate": learning_rate, "prior": prior}
    return Inversion(*inversion.found(gan, images, condition, drawn, starts, **options))


class StyleInversion(NamedTuple):
    """What `invert_styles` found.

    Attributes:
        styles: float32 (n, levels, style_dim), for `gan.synthesize` and `gan.mix`.
        images: What the generator makes of them, float32 (n, height, width, channels).
        errors: Root mean square difference of each from the image asked for, (n,); pixel values
            reach from -1 to 1.
    """

    styles: np.ndarray
    images: np.ndarray
    errors: np.ndarray


def invert_styles(
    gan: Any,
    images: Any,
    *,
    each_level: bool = False,
    steps: int = 300,
    starts: int = 4,
    candidates: int = CANDIDATES,
    learning_rate: float = 0.1,
    prior: float = 1e-3,
    seed: int = 0,
) -> StyleInversion:
    """Find the styles of given images, by a model that has some (`StyleGAN2`).

    As `invert`, in the space of styles (w), each coordinate measured from the mean style in
    standard deviations of drawn styles. Styles reach pictures that no latent has.

    Args:
        gan: A `MappedGAN`; its averaged generator is used where there is one.
        images: In [-1, 1], shape (n, height, width, channels).
        each_level: Whether every level gets a style of its own (w+): nearer, and less like what is
            drawn.
        steps, starts, candidates, learning_rate, seed: As of `invert`.
        prior: Weight of the mean square of the coordinates so measured.

    Raises:
        InvalidArgumentError: The model has no styles.
        DataError: The images are of another shape than the GAN's, or outside [-1, 1].
    """
    from ganzoo.latent import inversion

    if not hasattr(gan, "synthesize"):
        raise InvalidArgumentError(
            f"A {type(gan).__name__} has no styles; ganzoo.latent.invert finds its latents."
        )
    images = _checked(gan, images, prior, learning_rate)
    starts = check_count("starts", starts)
    count = max(starts, check_count("candidates", candidates))
    space = inversion.StyleSpace(gan, each_level)
    options = {"steps": check_count("steps", steps), "learning_rate": learning_rate, "prior": prior}
    drawn = space.draw(count, seed)
    chosen, made, errors = inversion.found(space, images, None, drawn, starts, **options)
    return StyleInversion(space.styles(chosen), made, errors)


def _checked(gan: Any, images: Any, prior: float, learning_rate: float) -> np.ndarray:
    """Return pictures as the model takes them; refuse others, and numbers that cannot be."""
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[1:] != gan.data_shape or not len(images):
        raise DataError(
            f"This GAN makes pictures of shape {gan.data_shape}; to find latents, give "
            f"(n, {', '.join(map(str, gan.data_shape))}); got {images.shape}."
        )
    if check_number("prior", prior) < 0.0:
        raise InvalidArgumentError(f"prior must be 0 or more; got {prior!r}.")
    if check_number("learning_rate", learning_rate) <= 0.0:
        raise InvalidArgumentError(f"learning_rate must be above 0; got {learning_rate!r}.")
    checked: np.ndarray = gan.check_examples(images)
    return checked
