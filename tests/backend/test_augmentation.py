"""Differentiable augmentation: what it does to pictures and to gradients, on this backend."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from ganzoo import errors, zoo
from ganzoo.augmentation import Augmentation
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
