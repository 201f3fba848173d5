"""The classics on handwritten digits, as data: one small model of each game, and its recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganzoo.zoo.forms import Entry, Recipe, Stage
from ganzoo.zoo.recipes import both, cosine, smooth

_MNIST = {
    "data": "MNIST, 60,000 training digits, 28x28x1",
    "credit": "Yann LeCun, Corinna Cortes",
    "licence": "CC-BY-SA-3.0",
}
_MNIST_100 = {
    **_MNIST,
    "data": "MNIST, 60,000 training digits, 28x28x1, of which 100 have labels",
}
_MNIST_M = {
    "data": "MNIST, 60,000 digits with labels, 28x28x1, and 60,000 in the colours of patches of "
    "photographs of flowers, 28x28x3; 10,000 more of each are held out",
    "credit": "Yann LeCun, Corinna Cortes; the photographers on Flickr, by id, as collected for "
    "TensorFlow's flower_photos",
    "licence": "CC-BY-SA-3.0; CC-BY-2.0",
}
_SIZES: dict[str, Any] = {
    "image_shape": (28, 28, 1),
    "generator_filters": (64, 32),
    "discriminator_filters": (32, 64),
    "kernel_size": 5,
    "negative_slope": 0.2,
}
_CODED: dict[str, Any] = {"units": (256, 256), "dropout": 0.2, "noise": 0.3}
_DIGITS = tuple("0123456789")
_AT_ONCE: dict[str, Any] = {"simultaneous": True}


def _recipe(
    epochs: int,
    seed: int,
    optimizers: Mapping[str, Mapping[str, Any]],
    data: str = "mnist",
    batch_size: int = 64,
    dtype: str = "mixed_bfloat16",
    **compile: Any,
) -> Recipe:
    """A recipe of one stage, with averaged networks."""
    stage = Stage(epochs=epochs, optimizers=optimizers, compile=compile)
    return Recipe(data, batch_size, seed, (stage,), ema_momentum=0.999, dtype_policy=dtype)


def _alike(players: str, epochs: int, rate: float = 2e-4) -> dict[str, Mapping[str, Any]]:
    """The same Adam, whose rate falls along a cosine, for all players, named in a row."""
    return dict.fromkeys(players.split(), cosine(rate, epochs))


def _two_rates(epochs: int) -> dict[str, Mapping[str, Any]]:
    """A generator five times as fast as its discriminator: arXiv:1606.03657, appendix C.1."""
    return {"discriminator": cosine(2e-4, epochs), "generator": cosine(1e-3, epochs)}


def _coded(epochs: int) -> dict[str, Mapping[str, Any]]:
    """An Adam each, which heeds no factor of a loss: who judges the codes is the slowest."""
    rates = {"autoencoder": 5e-4, "encoder": 3e-4, "discriminator": 1e-4}
    return {player: cosine(rate, epochs) for player, rate in rates.items()}


def _clusters(count: int, seed: int, **parameters: int) -> Entry:
    """Digits in so many clusters, which nobody named."""
    players = {**_alike("autoencoder", 30, 1e-3), **_alike("discriminator encoder", 30)}
    return Entry(
        family="ClusteringAAE",
        summary=f"Handwritten digits in {count} clusters that were found without labels",
        config={**_SIZES, "clusters": count, "latent_dim": 5, **_CODED},
        parameters=parameters,
        **_MNIST,
        recipe=_recipe(30, seed, players, batch_size=100),
    )


ENTRIES: dict[str, Entry] = {
    "lsgan_mnist": Entry(
        family="LSGAN",
        summary="Handwritten digits by least squares",
        config={**_SIZES, "latent_dim": 64},
        parameters={"generator": 253_088, "discriminator": 55_233},
        **_MNIST,
        recipe=_recipe(12, 2016, _two_rates(12), **_AT_ONCE),
    ),
    "wgan_mnist": Entry(
        family="WGAN",
        summary="Handwritten digits by a clipped critic of the Wasserstein distance",
        config={**_SIZES, "latent_dim": 64, "clip": 0.03},
        parameters={"generator": 253_088, "discriminator": 55_233},
        **_MNIST,
        # Adam without a first moment is RMSprop, which the paper asks for.
        recipe=_recipe(12, 1701, both({"learning_rate": 1e-4, "beta_1": 0.0})),
    ),
    "wgan_gp_mnist": Entry(
        family="WGANGP",
        summary="Handwritten digits by a critic with a gradient penalty",
        config={
            "data_shape": (28, 28, 1),
            "latent_dim": 64,
            "generator_filters": (64, 32),
            "discriminator_filters": (32, 64),
            "kernel_size": 5,
            "negative_slope": 0.2,
        },
        parameters={"generator": 255_873, "discriminator": 55_233},
        **_MNIST,
        recipe=_recipe(
            10,
            1704,
            both({"learning_rate": 2e-4, "beta_1": 0.5, "beta_2": 0.9}),
            steps={"discriminator": 3},
        ),
    ),
    "bgan_mnist": Entry(
        family="BoundarySeekingGAN",
        summary="Handwritten digits in black and white, by a policy gradient",
        config={**_SIZES, "latent_dim": 64, "drawn": 20},
        parameters={"generator": 253_088, "discriminator": 55_233},
        **{**_MNIST, "data": "MNIST, 60,000 training digits in black and white, 28x28x1"},
        recipe=smooth("binary_mnist", 30, 1702, 64),
    ),
    "acgan_mnist": Entry(
        family="ACGAN",
        summary="The handwritten digit that is asked for, by an auxiliary classifier",
        config={**_SIZES, "classes": _DIGITS, "latent_dim": 64, "category_weight": 1.0},
        parameters={"generator": 284_448, "discriminator": 86_603},
        **_MNIST,
        recipe=_recipe(20, 1610, both(cosine(2e-4, 20)), dtype="float32", **_AT_ONCE),
    ),
    "infogan_mnist": Entry(
        family="InfoGAN",
        summary="Handwritten digits by codes that were found without labels",
        config={
            **_SIZES,
            "latent_dim": 24,
            "categories": 10,
            "continuous": 2,
            "units": 256,
            "information_weight": 1.0,
            "continuous_weight": 0.1,
        },
        parameters={
            "generator": 865_184,
            "features": 856_384,
            "discriminator": 257,
            "recognition": 34_956,
        },
        **_MNIST,
        recipe=_recipe(20, 1606, _two_rates(20), **_AT_ONCE),
    ),
    "bigan_mnist": Entry(
        family="BiGAN",
        summary="Handwritten digits and their latents, found by the game",
        config={**_SIZES, "latent_dim": 50, "units": 256, "stochastic": False},
        parameters={"generator": 209_184, "encoder": 209_234, "discriminator": 934_017},
        **_MNIST,
        recipe=smooth("mnist", 30, 1605, 64),
    ),
    "aae_mnist": Entry(
        family="AdversarialAutoencoder",
        summary="An autoencoder of handwritten digits whose codes are drawn to a normal",
        config={**_SIZES, "latent_dim": 16, "units": (256, 256), "adversarial_weight": 0.1},
        parameters={"generator": 102_560, "encoder": 102_576, "discriminator": 70_401},
        **_MNIST,
        recipe=_recipe(20, 1511, _coded(20)),
    ),
    "aae_mnist_plane": Entry(
        family="AdversarialAutoencoder",
        summary="Handwritten digits in a plane: codes of two numbers, drawn to a normal",
        config={**_SIZES, "latent_dim": 2, "units": (256, 256), "adversarial_weight": 0.1},
        parameters={
            "generator": 58_656,
            "encoder": 58_658,
            "discriminator": 66_817,
        },
        **_MNIST,
        recipe=_recipe(20, 1512, _coded(20)),
    ),
    "aae_mnist_100": Entry(
        family="SemiSupervisedAAE",
        summary="Class and style of handwritten digits from 100 labels",
        config={
            **_SIZES,
            "classes": _DIGITS,
            "latent_dim": 10,
            **_CODED,
        },
        parameters={
            "generator": 115_104,
            "features": 52_384,
            "categories": 31_370,
            "styles": 31_370,
            "discriminator": 68_865,
            "category_discriminator": 68_865,
        },
        **_MNIST_100,
        recipe=_recipe(
            30,
            1513,
            {**_alike("autoencoder classifier", 30, 1e-3), **_alike("discriminator encoder", 30)},
            "mnist_100",
            100,
        ),
    ),
    "aae_mnist_clusters_16": _clusters(
        16,
        1514,
        generator=118_240,
        features=52_384,
        categories=50_192,
        styles=15_685,
        discriminator=67_585,
        category_discriminator=70_401,
    ),
    "aae_mnist_clusters_30": _clusters(
        30,
        1515,
        generator=162_144,
        features=52_384,
        categories=94_110,
        styles=15_685,
        discriminator=67_585,
        category_discriminator=73_985,
    ),
    "alphagan_mnist": Entry(
        family="AlphaGAN",
        summary="An autoencoder of handwritten digits with judged pictures and codes",
        config={**_SIZES, "latent_dim": 50, "units": (256, 256), "dropout": 0.3},
        parameters={
            "generator": 209_184,
            "encoder": 209_234,
            "discriminator": 55_233,
            "code_discriminator": 79_105,
        },
        **_MNIST,
        recipe=_recipe(
            15,
            1706,
            _alike("encoder generator discriminator code_discriminator", 15),
            **_AT_ONCE,
        ),
    ),
    "sgan_mnist_100": Entry(
        family="SGAN",
        summary="A classifier of handwritten digits from 100 labels",
        config={"image_shape": (28, 28, 1), "classes": _DIGITS},
        parameters={"generator": 697_568, "discriminator": 1_538_770},
        **_MNIST_100,
        recipe=_recipe(40, 1601, both(cosine(3e-3, 40)), "mnist_100", 100, "float32"),
    ),
    "cogan_mnist_edges": Entry(
        family="CoGAN",
        summary="Handwritten digits with their contours, learned without pairs",
        config={**_SIZES, "latent_dim": 64, "units": 256, "dropout": 0.3},
        parameters={"generator": 279_618, "discriminator": 856_257},
        **{
            **_MNIST,
            "data": "MNIST, 30,000 training digits, and the contours of 30,000 others, 28x28x1",
        },
        recipe=_recipe(30, 1607, both(cosine(2e-4, 30)), "mnist_edges", **_AT_ONCE),
    ),
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
            "discriminator_filters": (32, 64),
            "classifier_filters": (32, 48),
            "classifier_units": 100,
            "task_weight": 1.0,
        },
        parameters={
            "generator": 41_411,
            "discriminator": 22_529,
            "task_classifier": 277_190,
        },
        **_MNIST_M,
        recipe=_recipe(
            20,
            1612,
            _alike("discriminator classifier generator", 20, 5e-4),
            "mnist_to_mnist_m",
            **_AT_ONCE,
        ),
    ),
}
