"""Differentiable augmentation: what it does to pictures and to gradients, on this backend."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from ganzoo import errors, zoo
from ganzoo.augmentation import AdaptiveAugmentation, Augmentation
from ganzoo.penalties import R1
from ganzoo.zoo import registry


def augmented(images, seed=1, **options):
    made = Augmentation(**options)(
        keras.ops.convert_to_tensor(images), keras.random.SeedGenerator(seed)
    )
    return keras.ops.convert_to_numpy(made)


def dots(n=64, side=16):
    images = np.full((n, side, side, 1), -1.0, np.float32)
    images[:, 8, 8] = 1.0
    return images


def test_translation_moves_by_whole_pixels_each_picture_by_its_own():
    made = augmented(dots(256), translation=0.125, cutout=0.0)
    assert np.allclose(np.unique(made), [-1.0, 1.0])
    _, rows, columns, _ = np.nonzero(made > 0)
    assert set(rows) == set(columns) == {6, 7, 8, 9, 10}  # 2 of 16 pixels, both ways
    assert len(set(zip(rows, columns, strict=True))) == 25


def test_what_leaves_the_picture_does_not_come_back():
    images = dots()
    images[:, 0, 0] = 1.0
    made = augmented(images, translation=0.5, cutout=0.0)
    shares = (made > 0).sum(axis=(1, 2, 3))
    assert set(shares) <= {0, 1, 2}
    assert (shares < 2).any()


def test_cutout_hides_a_square_of_background():
    made = augmented(np.ones((256, 16, 12, 2), np.float32), translation=0.0, cutout=0.5)
    hidden = made[..., 0] < 0
    assert np.allclose(np.unique(made), [-1.0, 1.0])
    assert np.array_equal(made[..., 0], made[..., 1])
    assert hidden.any(axis=2).sum(axis=1).max() == 8
    assert hidden.any(axis=1).sum(axis=1).max() == 6
    assert hidden.sum(axis=(1, 2)).min() >= 4 * 3  # a centre in the corner hides a quarter


def test_same_seed_same_pictures():
    images = np.random.default_rng(0).uniform(-1, 1, (8, 8, 8, 1)).astype(np.float32)
    assert np.array_equal(augmented(images), augmented(images))
    assert not np.array_equal(augmented(images), augmented(images, seed=2))
    assert np.allclose(augmented(images, translation=0.0, cutout=0.0), images, atol=1e-6)


def test_a_pixel_that_stays_passes_its_change_on():
    images = np.random.default_rng(0).uniform(-0.5, 0.5, (32, 16, 16, 1)).astype(np.float32)
    change = (augmented(images + 0.25) - augmented(images)) / 0.25
    assert np.allclose(np.minimum(np.abs(change), np.abs(change - 1.0)), 0.0, atol=1e-5)
    assert 0.3 < change.mean() < 0.95


@pytest.mark.parametrize("simultaneous", [False, True])
def test_training_with_augmentation_and_penalty(simultaneous, tmp_path):
    gan = registry.model_class("DCGAN")(**zoo.FAMILIES["DCGAN"].tiny, seed=2)
    gan.compile(augmentation=Augmentation(0.25, 0.25), penalty=R1(0.1), simultaneous=simultaneous)
    images = np.tanh(np.random.default_rng(1).standard_normal((32, 8, 8, 1))).astype(np.float32)
    history = gan.fit(images, batch_size=8, verbose=0).history
    assert np.isfinite(list(history.values())).all()
    gan.save(tmp_path / "gan.keras")
    again = keras.models.load_model(tmp_path / "gan.keras")
    assert again.augmentation.get_config() == gan.augmentation.get_config()


NONE = {"translation": 0.0, "cutout": 0.0}


def colours(n=64, side=16, seed=0):
    return np.random.default_rng(seed).uniform(-0.9, 0.9, (n, side, side, 3)).astype(np.float32)


def test_half_of_the_pictures_are_mirrored():
    images = colours()
    made = augmented(images, **NONE, mirror=True)
    same = np.isclose(made, images, atol=1e-6).all(axis=(1, 2, 3))
    flipped = np.isclose(made, images[:, :, ::-1], atol=1e-6).all(axis=(1, 2, 3))
    assert (same | flipped).all()
    assert 16 < same.sum() < 48


def test_pictures_of_another_size_have_their_centre_and_their_grey():
    ink = np.full((64, 32, 32, 1), -1.0, np.float32)
    ink[:, 12:20, 12:20] = 1.0
    made = augmented(ink, **NONE, scale=0.4) + 1.0
    areas = made.sum(axis=(1, 2, 3)) / 2.0
    sides = np.sqrt(areas)
    assert abs(np.median(np.log2(sides / 8))) < 0.15
    assert 0.3 < np.std(np.log2(sides / 8)) < 0.5
    rows = (made[..., 0].sum(axis=2) * np.arange(32)).sum(axis=1) / (2.0 * areas)
    assert np.allclose(rows, 15.5, atol=1e-3)
    assert made.max() <= 2.0 + 1e-5


def test_changes_of_colour():
    images = colours()
    brighter = augmented(images, **NONE, brightness=0.2) - images
    assert np.allclose(brighter, brighter[:, :1, :1, :1], atol=1e-5)
    assert 0.1 < brighter[:, 0, 0, 0].std() < 0.3
    factors = augmented(images, **NONE, contrast=0.5) / images
    assert np.allclose(factors, np.median(factors, axis=(1, 2, 3))[:, None, None, None], rtol=1e-2)
    strong = augmented(images, **NONE, saturation=1.0)
    assert np.allclose(strong.mean(axis=-1), images.mean(axis=-1), atol=1e-5)
    assert strong.std(axis=-1).mean(axis=(1, 2)).std() > 0.1
    with pytest.raises(errors.InvalidArgumentError, match="three channels of colours; got 1"):
        augmented(images[..., :1], saturation=1.0)


def adaptive(**options):
    return AdaptiveAugmentation(images=200.0, background=0.0, **options)


def test_strength_follows_the_signs_of_the_real_logits(tmp_path):
    gan = registry.model_class("DCGAN")(**zoo.FAMILIES["DCGAN"].tiny, seed=2)
    images = np.tanh(np.random.default_rng(1).standard_normal((32, 8, 8, 1))).astype(np.float32)
    head = next(layer for layer in gan.discriminator.layers[::-1] if layer.weights)
    head.bias.assign(head.bias + 20.0)  # now every picture is taken for real
    gan.compile("sgd", "sgd", augmentation=adaptive(brightness=0.1))
    history = gan.fit(images, batch_size=8, epochs=2, verbose=0).history
    # The mean of the signs, whose average begins at 0, is above 0.6 after four steps.
    assert history["augmentation"] == pytest.approx([8 / 200, 40 / 200], abs=1e-6)
    gan.save(tmp_path / "gan.keras")
    again = keras.models.load_model(tmp_path / "gan.keras")
    assert again.augmentation.get_config() == gan.augmentation.get_config()
    assert float(again.augmentation_strength.value) == pytest.approx(0.2)
    head.bias.assign(head.bias - 40.0)
    gan.compile("sgd", "sgd", augmentation=adaptive())  # goes on with the strength
    more = gan.fit(images, batch_size=8, epochs=2, verbose=0).history["augmentation"]
    assert more[1] < more[0] < 0.2
    gan.compile()
    assert "augmentation" not in gan.fit(images, batch_size=8, verbose=0).history


@pytest.mark.parametrize(
    "family", [pytest.param("R3GAN", marks=pytest.mark.slow), "ConditionalDCGAN"]
)
def test_adaptive_augmentation_with_penalties(family):
    gan = registry.model_class(family)(**zoo.FAMILIES[family].tiny, seed=2)
    gan.compile(augmentation=adaptive(), penalty=R1(0.1), steps={"discriminator": 2})
    images = np.tanh(np.random.default_rng(1).standard_normal((32, 8, 8, 1))).astype(np.float32)
    labels = (np.arange(32) % 3,) if family == "ConditionalDCGAN" else ()
    history = gan.fit(images, *labels, batch_size=8, verbose=0).history
    assert np.isfinite(list(history.values())).all()


def test_each_change_of_each_picture_has_its_own_chance():
    images = colours(256)
    made = keras.ops.convert_to_numpy(
        AdaptiveAugmentation(translation=0.0, scale=0.0, mirror=True, brightness=0.2)(
            keras.ops.convert_to_tensor(images), keras.random.SeedGenerator(1), strength=0.4
        )
    )
    brighter = ~np.isclose(made.mean(axis=(1, 2, 3)), images.mean(axis=(1, 2, 3)), atol=1e-5)
    offset = made.mean(axis=(1, 2, 3)) - images.mean(axis=(1, 2, 3))
    back = made - offset[:, None, None, None]
    flipped = ~np.isclose(back, images, atol=1e-4).all(axis=(1, 2, 3))
    assert 0.3 < brighter.mean() < 0.5
    assert 0.12 < flipped.mean() < 0.28
    assert (brighter & flipped).any()
    assert (brighter & ~flipped).any()


def test_adaptive_augmentation_is_refused_where_signs_say_nothing():
    gan = registry.model_class("WGANGP")(**zoo.FAMILIES["WGANGP"].tiny)
    with pytest.raises(errors.InvalidArgumentError, match="scores without a zero"):
        gan.compile(augmentation=AdaptiveAugmentation())
    with pytest.raises(errors.InvalidArgumentError, match="needs a strength"):
        AdaptiveAugmentation()(keras.ops.zeros((2, 8, 8, 1)), keras.random.SeedGenerator(1))
    with pytest.raises(errors.InvalidArgumentError, match=r"target must be in \(-1, 1\)"):
        AdaptiveAugmentation(target=1.0)


def test_bad_arguments():
    with pytest.raises(errors.InvalidArgumentError, match=r"translation must be in \[0, 1\)"):
        Augmentation(translation=1.5)
    with pytest.raises(errors.InvalidArgumentError, match="background must be"):
        Augmentation(background=3)
    with pytest.raises(errors.InvalidArgumentError, match="is for images"):
        augmented(np.zeros((4, 3), np.float32))
    gan = registry.model_class("DCGAN")(**zoo.FAMILIES["DCGAN"].tiny)
    with pytest.raises(errors.InvalidArgumentError, match="augmentation must be None or an object"):
        gan.compile(augmentation="cutout")
    with pytest.raises(errors.InvalidArgumentError, match="augmentation must be None or an object"):
        gan.compile(augmentation=Augmentation)
