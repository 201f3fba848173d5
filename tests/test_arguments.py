"""Each argument of each family is held to what it says: one line of ours, and no raw error."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

import ganzoo
from ganzoo import callbacks, plots, zoo
from ganzoo.augmentation import AdaptiveAugmentation, Augmentation
from ganzoo.constructors import constructor_parameters
from ganzoo.errors import InvalidArgumentError
from ganzoo.models.dcgan import DCGAN
from ganzoo.zoo import registry

# Another's family, registered by other tests of this process, may note what it likes.
FAMILIES = sorted(n for n, facts in zoo.FAMILIES.items() if facts.class_path[:7] == "ganzoo.")
NUMBER = ("a", float("nan"), float("inf"), -1, None, [1], True)
BAD = {
    bool: ("a", 2, None),
    int: NUMBER,
    float: NUMBER,
    str: ("nonsense", 3, None),
    tuple: ("a", 5, None, ("a",), (1.5,), (-1,), [[1]], (True,)),
}


def plain_arguments(family: str) -> list[tuple[str, Any]]:
    """Return the arguments that have a plain value in the tiny model or by default."""
    tiny = zoo.FAMILIES[family].tiny
    found = []
    for name, parameter in constructor_parameters(registry.model_class(family)).items():
        default = parameter.default
        value = tiny.get(name, default)
        if type(value) is list:
            value = tuple(value)
        if type(value) in BAD and name != "name":
            found += [(name, bad) for bad in BAD[type(value)] if bad is not None or default]
    return found


LATE = ("ESRGAN", "Pix2Pix", "Zi2Zi")  # their networks are built before the last check


@pytest.mark.parametrize(
    "family", [pytest.param(n, marks=(pytest.mark.slow,) if n in LATE else ()) for n in FAMILIES]
)
def test_what_an_argument_cannot_be_is_refused_in_one_line(family):
    cls = registry.model_class(family)
    tiny = dict(zoo.FAMILIES[family].tiny)
    tried = plain_arguments(family)
    assert tried
    for name, bad in tried:
        with pytest.raises(ganzoo.errors.GanzooError) as caught:
            cls(**{**tiny, name: bad})
        said = str(caught.value)
        assert "\n" not in said, (name, bad)
        assert len(said) < 400, (name, bad)


@pytest.mark.parametrize(
    ("argument", "value", "said"),
    [
        ("negative_slope", "0.2", "negative_slope of DCGAN must be a finite number; got '0.2'."),
        ("negative_slope", float("nan"), "must be a finite number; got nan."),
        ("negative_slope", -0.1, "negative_slope must be >= 0; got -0.1."),
        ("use_bias", "no", "use_bias of DCGAN must be True or False; got 'no'."),
        ("generator_strides", 2, "generator_strides of DCGAN must be a sequence of integers"),
    ],
)
def test_what_is_said(argument, value, said):
    with pytest.raises(InvalidArgumentError) as caught:
        DCGAN(image_shape=(8, 8, 1), **{argument: value})
    assert said in str(caught.value)


def test_an_argument_by_place():
    with pytest.raises(InvalidArgumentError, match="generator_filters of DCGAN must be a sequence"):
        DCGAN((8, 8, 1), 4, 5)


def of_numpy(value: Any) -> Any:
    """Return numbers, and sequences of them, as NumPy's."""
    if type(value) in (int, float):
        return np.int64(value) if type(value) is int else np.float32(value)
    if type(value) in (list, tuple) and value and all(type(entry) is int for entry in value):
        return np.array(value)
    return value


def stated(model: Any) -> dict[str, Any]:
    """Return the configuration as JSON keeps it, with six decimals."""
    text = json.dumps({**model.get_config(), "name": ""})
    return dict(json.loads(text, parse_float=lambda number: round(float(number), 6)))


PICTURE = Image.new("L", (4, 4))
USUAL = ("DCGAN", "FATGAN", "Zi2Zi")


@pytest.mark.parametrize(
    "family",
    [pytest.param(n, marks=() if n in USUAL else pytest.mark.slow) for n in FAMILIES],
)
def test_numbers_of_numpy_are_numbers(family):
    cls = registry.model_class(family)
    tiny = dict(zoo.FAMILIES[family].tiny)
    parameters = constructor_parameters(cls)
    defaults = {name: p.default for name, p in parameters.items() if type(p.default) is float}
    gan = cls(**{name: of_numpy(value) for name, value in {**defaults, **tiny}.items()}, seed=1)
    again = cls(**tiny, seed=1)
    assert stated(gan) == stated(again)


def test_a_class_of_anothers_may_note_what_it_likes():
    class Noted(ganzoo.GAN):
        def __init__(
            self, generator: keras.Model, discriminator: keras.Model, names: Sequence[str] = ()
        ) -> None:
            super().__init__(generator, discriminator)
            self.names = names

    dcgan = DCGAN((8, 8, 1), 4, (4, 4, 4), (4, 4))
    assert Noted(dcgan.generator, dcgan.discriminator, names=None).names is None  # type: ignore[arg-type]


@pytest.mark.parametrize("family", ["SGAN", "PixelDA"])
def test_noise_that_keras_does_not_take(family):
    cls = registry.model_class(family)
    with pytest.raises(InvalidArgumentError, match=r"noise must be in \[0, 1\]; got 1\.5"):
        cls(**{**zoo.FAMILIES[family].tiny, "noise": 1.5})


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: AdaptiveAugmentation(target="a"), "target must be a finite number; got 'a'."),
        (lambda: AdaptiveAugmentation(images=10**400), "images must be a finite number; got 1000"),
        (lambda: Augmentation(scale=10**400), "scale must be in [0, 1); got 1000"),
        (lambda: Augmentation(background=None), "background must be a finite number; got None."),
        (lambda: Augmentation(mirror="no"), "mirror must be True or False; got 'no'."),
        (lambda: callbacks.BalanceMonitor(accuracy="a"), "accuracy must be a finite number"),
        (lambda: callbacks.BalanceMonitor(n=1), "n must be from 2 to"),
        (lambda: callbacks.BalanceMonitor(seed=-1), "seed must be from 0 to"),
        (lambda: callbacks.EventQuality(np.zeros((4, 3)), n="a"), "n must be an integer"),
        (lambda: callbacks.SampleGrid("pictures", n=0), "n must be from 1 to"),
        (lambda: callbacks.SampleGrid("pictures", seed=1.5), "seed must be an integer from 0"),
        (lambda: plots.movie([PICTURE], "none.gif", last=-1), "last must be from 1 to 1000"),
    ],
)
def test_what_is_said_by_what_surrounds_a_model(make, said):
    with pytest.raises(InvalidArgumentError) as caught:
        make()
    assert said in str(caught.value)


@pytest.mark.parametrize("rate", [float("nan"), 0.0, "fast"])
def test_a_learning_rate_of_an_inversion(rate):
    gan = DCGAN((8, 8, 1), 4, (4, 4, 4), (4, 4))
    with pytest.raises(InvalidArgumentError, match="learning_rate must be"):
        ganzoo.latent.invert(gan, np.zeros((1, 8, 8, 1)), learning_rate=rate)


def test_styles_of_another_width_are_not_mixed():
    facts = zoo.FAMILIES["StyleGAN2"]
    gan = registry.model_class("StyleGAN2")(**facts.tiny)
    good, wide = np.zeros((2, gan.style_dim)), np.zeros((2, gan.style_dim + 1))
    for rows, columns, said in ((wide, good, "Rows are"), (good, wide, "Columns are")):
        with pytest.raises(ganzoo.errors.DataError, match=said):
            gan.mix(rows, columns, 1)
