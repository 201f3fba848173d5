"""Models of handwritten digits with an encoder, as data: one of each game, and its recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganzoo.zoo.forms import Entry
from ganzoo.zoo.recipes import MNIST, MNIST_100, SIZES, cosine, in_one_stage, two_rates

_CODED: dict[str, Any] = {"units": (256, 256), "dropout": 0.2, "noise": 0.6}


def _alike(players: str, epochs: int, rate: float = 2e-4) -> dict[str, Mapping[str, Any]]:
    """The same Adam, whose rate falls along a cosine, for all players, named in a row."""
    return dict.fromkeys(players.split(), cosine(rate, epochs))


def _coded(epochs: int, **others: float) -> dict[str, Mapping[str, Any]]:
    """An Adam each, which heeds no factor of a loss: who judges the codes is the slowest."""
    rates = {"autoencoder": 5e-4, "encoder": 3e-4, "discriminator": 1e-4, **others}
    return {player: cosine(rate, epochs) for player, rate in rates.items()}


def _categorical(epochs: int, **others: float) -> dict[str, Mapping[str, Any]]:
    """The same for codes of two kinds, which a reconstruction would rather not have."""
    return _coded(epochs, encoder=8e-4, discriminator=2e-4, **others)


def _clusters(count: int, seed: int, **parameters: int) -> Entry:
    """Digits in so many clusters, which nobody named."""
    return Entry(
        family="ClusteringAAE",
        summary=f"Handwritten digits in {count} clusters that were found without labels",
        config={**SIZES, "clusters": count, "latent_dim": 5, **_CODED},
        parameters=parameters,
        **MNIST,
        recipe=in_one_stage(30, seed, _categorical(30), batch_size=100, dtype="float32"),
    )


ENTRIES: dict[str, Entry] = {
    "bigan_mnist": Entry(
        family="BiGAN",
        summary="Handwritten digits and their latents, found by the game",
        config={**SIZES, "latent_dim": 50, "units": 256, "stochastic": False},
        parameters={"generator": 209_184, "encoder": 869_074, "discriminator": 934_209},
        **MNIST,
        recipe=in_one_stage(30, 1605, two_rates(30), dtype="float32", simultaneous=True),
    ),
    "aae_mnist": Entry(
        family="AdversarialAutoencoder",
        summary="An autoencoder of handwritten digits whose codes are drawn to a normal",
        config={**SIZES, "latent_dim": 16, "units": (256, 256), "adversarial_weight": 0.1},
        parameters={"generator": 102_560, "encoder": 102_576, "discriminator": 70_401},
        **MNIST,
        recipe=in_one_stage(20, 1511, _coded(20)),
    ),
    "aae_mnist_plane": Entry(
        family="AdversarialAutoencoder",
        summary="Handwritten digits in a plane: codes of two numbers, drawn to a normal",
        config={**SIZES, "latent_dim": 2, "units": (256, 256), "adversarial_weight": 0.1},
        parameters={
            "generator": 58_656,
            "encoder": 58_658,
            "discriminator": 66_817,
        },
        **MNIST,
        recipe=in_one_stage(20, 1512, _coded(20)),
    ),
    "aae_mnist_100": Entry(
        family="SemiSupervisedAAE",
        summary="Class and style of handwritten digits from 100 labels",
        config={
            **SIZES,
            "classes": tuple("0123456789"),
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
        **MNIST_100,
        recipe=in_one_stage(
            20,
            1513,
            _categorical(20, classifier=1e-3),
            "mnist_100",
            100,
            "float32",
        ),
    ),
    "aae_mnist_clusters_16": _clusters(
        16,
        1514,
        generator=118_240,
        features=52_384,
        categories=50_256,
        styles=15_705,
        discriminator=67_585,
        category_discriminator=70_401,
    ),
    "aae_mnist_clusters_30": _clusters(
        30,
        1515,
        generator=162_144,
        features=52_384,
        categories=94_230,
        styles=15_705,
        discriminator=67_585,
        category_discriminator=73_985,
    ),
    "alphagan_mnist": Entry(
        family="AlphaGAN",
        summary="An autoencoder of handwritten digits with judged pictures and codes",
        config={**SIZES, "latent_dim": 50, "units": (256, 256), "dropout": 0.3},
        parameters={
            "generator": 209_184,
            "encoder": 209_234,
            "discriminator": 856_385,
            "code_discriminator": 79_105,
        },
        **MNIST,
        recipe=in_one_stage(
            15,
            1706,
            {
                **_alike("encoder generator discriminator", 15),
                "code_discriminator": cosine(5e-5, 15),
            },
            dtype="float32",
            simultaneous=True,
        ),
    ),
    "vaegan_mnist": Entry(
        family="VAEGAN",
        summary="An autoencoder of handwritten digits that compares what a discriminator sees",
        config={**SIZES, "latent_dim": 16, "units": 128},
        parameters={
            "generator": 102_560,
            "encoder": 458_432,
            "discriminator": 129,
            "features": 454_208,
        },
        **MNIST,
        recipe=in_one_stage(
            15,
            1707,
            {**two_rates(15), "encoder": cosine(1e-3, 15)},
            dtype="float32",
            simultaneous=True,
        ),
    ),
}
