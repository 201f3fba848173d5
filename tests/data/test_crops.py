"""Crops of photographs: pairs that belong together, an order that can be taken up, bounded room."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganzoo import data, plots, resampling
from ganzoo.data.crops import CropBatches, Crops
from ganzoo.data.degrade import Degradation, through_jpeg
from ganzoo.data.gallery import gallery
from ganzoo.errors import DataError, InvalidArgumentError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four photographs of several sizes, and one that is too small."""
    random = np.random.default_rng(0)
    (tmp_path / "photos").mkdir()
    for name, (height, width) in zip("abcde", ((40, 61), (50, 33), (45, 45), (64, 48), (10, 90)),
                                     strict=True):  # fmt: skip
        smooth = random.integers(0, 256, (height // 5 + 1, width // 5 + 1, 3), dtype=np.uint8)
        picture = Image.fromarray(smooth).resize((width, height), Image.Resampling.BICUBIC)
        picture.save(tmp_path / "photos" / f"{name}.png")
    return tmp_path / "photos"


def crops(folder: Path, **options) -> Crops:
    with pytest.warns(UserWarning, match="1 of 5 pictures .* less than 32x32"):
        return Crops(gallery(folder), 4, side=8, **{"count": 40, **options})


def test_a_small_crop_is_that_part_of_the_whole_reduced(folder):
    found = crops(folder)
    small, large = CropBatches(found, 8, seed=3)[0]
    assert small.shape == (8, 8, 8, 3)
    assert large.shape == (8, 32, 32, 3)
    assert small.dtype == large.dtype == np.float32
    again = plots.from_uint8(resampling.reduced(plots.to_uint8(large), 4))
    # Inside, where the crop's own edge plays no part, it is that of the crop alone.
    assert np.abs(again - small)[:, 2:-2, 2:-2].max() <= 1.01 / 127.5
    wholes = [found.pair(index) for index in range(len(found.gallery))]
    for one in plots.to_uint8(small):
        assert any(contains(whole, one) for whole, _ in wholes)


def contains(whole: np.ndarray, part: np.ndarray) -> bool:
    """Whether a part is somewhere in the whole, in one of eight positions."""
    side = part.shape[0]
    turned = [np.rot90(flip, k) for flip in (part, part[:, ::-1]) for k in range(4)]
    windows = np.lib.stride_tricks.sliding_window_view(whole, (side, side, 3)).reshape(
        -1, side, side, 3
    )
    return any((windows == one).all(axis=(1, 2, 3)).any() for one in turned)


def test_the_order_depends_on_seed_epoch_and_step(folder):
    found = crops(folder)
    straight, other = CropBatches(found, 8, seed=3), CropBatches(found, 8, seed=3, epoch=1, step=2)
    assert len(straight) == straight.steps_per_epoch == 5
    first = straight[2][0]
    straight.go_to(1)
    assert len(other) == 3
    for index in range(3):
        for one, two in zip(straight[2 + index], other[index], strict=True):
            assert np.array_equal(one, two)
    assert not np.array_equal(first, other[0][0])
    assert straight.facts() == other.facts()
    assert CropBatches(found, 8, seed=4).facts() != other.facts()
    assert not np.array_equal(
        CropBatches(found, 8, seed=4)[0][0], CropBatches(found, 8, seed=3)[0][0]
    )


def test_room_bounds_what_is_decoded(folder):
    found = crops(folder, room=2 * 64 * 64 * 3)
    batches, seen = CropBatches(found, 8, seed=0), set()
    for epoch in range(6):
        batches.go_to(epoch)
        assert batches[0][0].shape == (8, 8, 8, 3)
        sizes = [found.gallery.sizes[index] for index in batches._pairs]
        assert sum(height * width * 3 for height, width in sizes) <= found.room
        seen |= set(batches._pairs)
    assert seen == {0, 1, 2, 3}


def test_changed_pictures_are_another_training(folder):
    before = CropBatches(crops(folder), 8, seed=0).facts()
    Image.new("RGB", (40, 40)).save(folder / "a.png")
    assert CropBatches(crops(folder), 8, seed=0).facts()["sha256"] != before["sha256"]


def test_degradation_is_seeded_and_bounded():
    pictures = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    plain = Degradation(4)(pictures, np.random.default_rng(1))
    assert np.array_equal(plain, resampling.reduced(pictures, 4))
    spoils = Degradation(4, noise=9.0, jpeg=(30, 60))
    made = [spoils(pictures, np.random.default_rng(1)) for _ in range(2)]
    assert np.array_equal(*made)
    assert made[0].dtype == np.uint8
    assert 1.0 < np.abs(made[0].astype(float) - plain).mean() < 40.0
    grey = through_jpeg(pictures[0, ..., :1], 95)
    assert grey.shape == (32, 32, 1)
    flat = np.full((1, 200, 200, 1), 128, np.uint8)
    drawn = [Degradation(2, noise=20.0).spoilt(flat, np.random.default_rng(k)).std()
             for k in range(40)]  # fmt: skip
    assert np.mean(drawn) == pytest.approx(10.0, abs=2.5)  # uniform below 20
    for wrong in ({"noise": -1.0}, {"jpeg": (50, 40)}, {"jpeg": (0, 40)}):
        with pytest.raises(InvalidArgumentError, match="must be from"):
            Degradation(4, **wrong)


def test_what_cannot_be_is_refused(folder, tmp_path, monkeypatch):
    with pytest.raises(DataError, match="no picture of at least 400x400 pixels"):
        Crops(gallery(folder), 4, side=100)
    np.save(tmp_path / "a.npy", np.zeros((2, 8, 8, 3), np.uint8))
    with pytest.raises(InvalidArgumentError, match=r"is an array\. Name a folder"):
        gallery(tmp_path / "a.npy")
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path))
    for split, said in (("train", "--data"), ("test", "Kodak set, .* --reference")):
        if split == "train":
            (tmp_path / "photos").rename(tmp_path / "others")
        with pytest.raises(DataError, match=f"is missing: .*{said}"):
            data.photo_gallery(split)


def test_photographs_to_train_on_and_to_measure_with(data_folder):
    train, test = data.photo_gallery(), data.photo_gallery("test")
    assert (len(train), len(test)) == (33, 12)
    assert {min(size) for size in train.sizes} == {720}
    assert {tuple(sorted(size)) for size in test.sizes} == {(512, 768)}
    assert not {file.name for file in train.files} & {file.name for file in test.files}
    assert test[0].dtype == np.uint8
