"""The classics on handwritten digits, as data: one small model of each game, and its recipe.

Those with an encoder are in `encoders.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ganzoo.zoo.forms import Entry, Recipe
from ganzoo.zoo.recipes import (
    MNIST,
    MNIST_100,
    SIZES,
    both,
    cosine,
    falling,
    in_one_stage,
    two_rates,
)

_MNIST_M = {
    "data": "MNIST, 60,000 digits with labels, 28x28x1, and 60,000 in the colours of patches of "
    "photographs of flowers, 28x28x3; 10,000 more of each are held out",
    "credit": "Yann LeCun, Corinna Cortes; the photographers on Flickr, by id, as collected for "
    "TensorFlow's flower_photos",
    "licence": "CC-BY-SA-3.0; CC-BY-2.0",
}
_DEEP = {**SIZES, "discriminator_filters": (32, 64, 128), "kernel_size": 4}
_DIGITS = tuple("0123456789")
_AT_ONCE: dict[str, Any] = {"simultaneous": True}


def _on_torch(epochs: int, seed: int, optimizers: Any, **options: Any) -> Recipe:
    """A recipe in float32 on PyTorch, where a critic's steps took the least time."""
    recipe = in_one_stage(epochs, seed, optimizers, dtype="float32", **options)
    return replace(recipe, backend="torch")


def _coupled(second: str, data: str, seed: int) -> Entry:
    """Digits with what is made of them, learned without pairs."""
    return Entry(
        family="CoGAN",
        summary=f"Handwritten digits with their {second}, learned without pairs",
        config={**SIZES, "latent_dim": 64, "units": 256},
        parameters={"generator": 279_618, "discriminator": 856_449},
        **{
            **MNIST,
            "data": f"MNIST, 30,000 training digits, and the {second} of 30,000 others, 28x28x1",
        },
        recipe=in_one_stage(30, seed, two_rates(30), data, **_AT_ONCE),
    )


ENTRIES: dict[str, Entry] = {
    "lsgan_mnist": Entry(
        family="LSGAN",
        summary="Handwritten digits by least squares",
        config={**SIZES, "latent_dim": 64, "units": 256},
        parameters={"generator": 872_864, "discriminator": 856_385},
        **MNIST,
        recipe=in_one_stage(10, 2016, two_rates(10), **_AT_ONCE),
    ),
    "wgan_mnist": Entry(
        family="WGAN",
        summary="Handwritten digits by a clipped critic of the Wasserstein distance",
        config={**_DEEP, "latent_dim": 64, "clip": 0.03},
        parameters={"generator": 234_368, "discriminator": 166_625},
        **MNIST,
        # Adam without a first moment is RMSprop, which the paper asks for.
        recipe=_on_torch(8, 1701, both({"learning_rate": falling(2e-4), "beta_1": 0.0})),
    ),
    "wgan_gp_mnist": Entry(
        family="WGANGP",
        summary="Handwritten digits by a critic with a gradient penalty",
        config={
            "data_shape": (28, 28, 1),
            "latent_dim": 64,
            "generator_filters": (64, 32),
            "discriminator_filters": (32, 64, 128),
            "generator_units": (128,),
            "discriminator_units": (128,),
            "kernel_size": 4,
            "negative_slope": 0.2,
            "batch_norm": True,
        },
        parameters={"generator": 443_904, "discriminator": 426_977},
        **MNIST,
        # One step of a critic that learns three times as fast, in the place of several: Heusel et
        # al. 2017, arXiv:1706.08500, section 4.
        recipe=_on_torch(
            10,
            1704,
            {
                "discriminator": {"learning_rate": falling(6e-4), "beta_1": 0.5, "beta_2": 0.9},
                "generator": {"learning_rate": falling(2e-4), "beta_1": 0.5, "beta_2": 0.9},
            },
            penalty={"name": "GradientPenalty", "weight": 10.0, "every": 2},
            **_AT_ONCE,
        ),
    ),
    "bgan_mnist": Entry(
        family="BoundarySeekingGAN",
        summary="Handwritten digits in black and white, by a policy gradient",
        config={**SIZES, "latent_dim": 64, "units": 256, "drawn": 20},
        parameters={"generator": 872_864, "discriminator": 856_385},
        **{**MNIST, "data": "MNIST, 60,000 training digits in black and white, 28x28x1"},
        # Weights of 20 pictures come of small differences of their scores.
        recipe=in_one_stage(
            20, 1702, two_rates(20), "binary_mnist", dtype="float32", simultaneous=True
        ),
    ),
    "acgan_mnist": Entry(
        family="ACGAN",
        summary="The handwritten digit that is asked for, by an auxiliary classifier",
        config={**SIZES, "classes": _DIGITS, "latent_dim": 64, "category_weight": 1.0},
        parameters={"generator": 284_448, "discriminator": 86_603},
        **MNIST,
        recipe=in_one_stage(20, 1610, both(cosine(2e-4, 20)), dtype="float32", **_AT_ONCE),
    ),
    "infogan_mnist": Entry(
        family="InfoGAN",
        summary="Handwritten digits by codes that were found without labels",
        config={
            **SIZES,
            "latent_dim": 24,
            "categories": 10,
            "continuous": 2,
            "units": 256,
            "information_weight": 1.0,
            "continuous_weight": 0.1,
        },
        parameters={
            "generator": 865_184,
            "features": 856_128,
            "discriminator": 257,
            "recognition": 34_956,
        },
        **MNIST,
        recipe=in_one_stage(20, 1606, two_rates(20), dtype="float32", **_AT_ONCE),
    ),
    "sgan_mnist_100": Entry(
        family="SGAN",
        summary="A classifier of handwritten digits from 100 labels",
        config={"image_shape": (28, 28, 1), "classes": _DIGITS},
        parameters={"generator": 697_568, "discriminator": 1_538_770},
        **MNIST_100,
        recipe=in_one_stage(40, 1601, both(cosine(3e-3, 40)), "mnist_100", 100, "float32"),
    ),
    "cogan_mnist_edges": _coupled("contours", "mnist_edges", 1607),
    "cogan_mnist_negatives": _coupled("negatives", "mnist_negatives", 1608),
    "pixelda_mnist_m": Entry(
        family="PixelDA",
        summary="Digits in colour read without a label of theirs",
        config={
            "source_shape": (28, 28, 1),
            "channels": 3,
            "classes": _DIGITS,
            "latent_dim": 10,
            "filters": 24,
            "blocks": 3,
            "discriminator_filters": (32, 64, 128),
            "classifier_filters": (32, 48),
            "classifier_units": 100,
            "task_weight": 1.0,
        },
        parameters={
            "generator": 41_411,
            "discriminator": 95_873,
            "task_classifier": 277_190,
        },
        **_MNIST_M,
        recipe=in_one_stage(
            20,
            1612,
            dict.fromkeys(("discriminator", "classifier", "generator"), cosine(5e-4, 20)),
            "mnist_to_mnist_m",
            **_AT_ONCE,
        ),
    ),
}
