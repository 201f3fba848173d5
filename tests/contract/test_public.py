"""The base classes with networks of one's own: trained, saved, loaded, gone on with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

import ganzoo
from ganzoo.batches import UnpairedBatches
from tests.contract.support import largest_difference, moved, values

N = 8


def network(name: str, inputs: list[tuple[int, ...]], output: tuple[int, ...]) -> keras.Model:
    """Return a network of dense layers from any inputs to one output."""
    given = [keras.Input(shape) for shape in inputs]
    x = [layers.Flatten()(tensor) for tensor in given]
    joined = x[0] if len(x) == 1 else layers.Concatenate()(x)
    made = layers.Reshape(output)(layers.Dense(int(np.prod(output)), activation="tanh")(joined))
    return keras.Model(given[0] if len(given) == 1 else given, made, name=name)


IMAGE = (4, 4, 1)


def gan(cls: Any) -> Any:
    return cls(network("generator", [(3,)], IMAGE), network("discriminator", [IMAGE], (1,)))


def conditional(cls: Any) -> Any:
    generator = network("generator", [(3,), (2,)], IMAGE)
    return cls(generator, network("discriminator", [IMAGE, (2,)], (1,)), ("a", "b"))


def translator(cls: Any) -> Any:
    generator = network("generator", [IMAGE], (4, 4, 2))
    return cls(generator, network("discriminator", [IMAGE, (4, 4, 2)], (2, 2, 1)))


def encoding(cls: Any) -> Any:
    generator, encoder = network("generator", [(3,)], IMAGE), network("encoder", [IMAGE], (3,))
    return cls(generator, encoder, network("discriminator", [IMAGE, (3,)], (1,)), ema_momentum=0.9)


def categorical(cls: Any) -> Any:
    networks = {
        "generator": network("generator", [(3,), (2,)], IMAGE),
        "features": network("features", [IMAGE], (5,)),
        "categories": network("categories", [(5,)], (2,)),
        "styles": network("styles", [(5,)], (3,)),
        "discriminator": network("discriminator", [(3,)], (1,)),
        "category_discriminator": network("category_discriminator", [(2,)], (1,)),
    }
    return cls(**networks, classes=("a", "b"), ema_momentum=0.9)


def coupled(cls: Any) -> Any:
    latents = keras.Input((3,))
    made = [network(f"make_{which}", [(3,)], IMAGE)(latents) for which in "ab"]
    images = [keras.Input(IMAGE) for _ in "ab"]
    judges = [network(f"judge_{which}", [IMAGE], (1,)) for which in "ab"]
    logits = [judge(one) for judge, one in zip(judges, images, strict=True)]
    return cls(keras.Model(latents, made), keras.Model(images, logits))


def adapting(cls: Any) -> Any:
    generator = network("generator", [IMAGE, (3,)], (4, 4, 2))
    judges = (network(name, [(4, 4, 2)], (n,)) for name, n in (("discriminator", 1), ("task", 2)))
    return cls(generator, *judges, ("a", "b"))


def inpainter(cls: Any) -> Any:
    generator = network("generator", [IMAGE, IMAGE], IMAGE)
    return cls(generator, network("discriminator", [IMAGE], (1,)))


CASES: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "GAN": (ganzoo.GAN, gan),
    "WassersteinGAN": (ganzoo.WassersteinGAN, gan),
    "ConditionalGAN": (ganzoo.ConditionalGAN, conditional),
    "Translator": (ganzoo.Translator, translator),
    "EncodingGAN": (ganzoo.EncodingGAN, encoding),
    "CategoricalAutoencoder": (ganzoo.CategoricalAutoencoder, categorical),
    "CoupledGAN": (ganzoo.CoupledGAN, coupled),
    "DomainAdapter": (ganzoo.DomainAdapter, adapting),
    "Inpainter": (ganzoo.Inpainter, inpainter),
}
# Their objectives, or what makes them a game, are a family's.
ABSTRACT = {"AdversarialModel", "UnpairedTranslator"}


def data(model: Any) -> tuple[Any, ...]:
    random = np.random.default_rng(0)
    images = np.tanh(random.normal(size=(N, *IMAGE))).astype(np.float32)
    if isinstance(model, ganzoo.ConditionalGAN):
        return images, np.arange(N) % 2
    if isinstance(model, ganzoo.Translator):
        return images, np.repeat(images, 2, axis=-1)
    if isinstance(model, ganzoo.CoupledGAN):
        return (UnpairedBatches(images, images, N),)
    if isinstance(model, ganzoo.DomainAdapter):
        targets = np.repeat(images, 2, axis=-1)
        return ({"source": images, "label": np.arange(N) % 2, "target": targets},)
    if isinstance(model, ganzoo.Inpainter):
        return images, (images > 0).astype(np.float32)
    return (images,)


def fit(model: Any, **options: Any) -> None:
    given = data(model)
    known = {} if isinstance(given[0], UnpairedBatches) else {"batch_size": N}
    model.fit(*given, verbose=0, **known, **options)


def test_every_public_base_class_is_here():
    public = {
        name
        for name in ganzoo.__all__
        if isinstance(getattr(ganzoo, name), type)
        and issubclass(getattr(ganzoo, name), ganzoo.AdversarialModel)
        and getattr(ganzoo, name).__module__.startswith("ganzoo.game")
    }
    assert public == set(CASES) | ABSTRACT


@pytest.mark.parametrize("name", list(CASES))
def test_trained_saved_loaded_and_gone_on_with(name, tmp_path: Path):
    cls, make = CASES[name]
    model = make(cls)
    before = values(model.trainable_variables)
    fit(model)
    assert any(moved(before, model.trainable_variables))
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert type(again) is cls
    for one in (model, again):
        fit(one, shuffle=False)
    assert largest_difference(model.variables, again.variables) == 0.0
    assert largest_difference(model.optimizer.variables, again.optimizer.variables) == 0.0


def test_encoding_gans_find_latents():
    model = encoding(ganzoo.EncodingGAN)
    images = data(model)[0]
    latents = model.encode(images)
    assert latents.shape == (N, 3)
    assert np.allclose(latents, model.encode(images, batch_size=3), atol=1e-6)
    assert np.allclose(model.reconstruct(images), model.generate(latents), atol=1e-6)
    made = model.probe(model.probe_inputs(n=4))
    assert {name: array.shape for name, array in made.items()} == {
        "generator": (4, *IMAGE),
        "encoder": (4, 3),
    }
    with pytest.raises(ganzoo.errors.DataError, match=r"must have shape \(n, 4, 4, 1\)"):
        model.encode(images[:, :2])
    with pytest.raises(ganzoo.errors.InvalidArgumentError, match="encoder must take data"):
        ganzoo.EncodingGAN(model.generator, network("encoder", [IMAGE], (4,)), model.discriminator)
