"""Feature networks: trained, written, read and refused; radicals of characters."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ganzoo import data
from ganzoo.data.radicals import radical, radical_classes
from ganzoo.errors import DataError, PresetError
from ganzoo.presets import feature_networks as networks
from tools import train_features


def test_radicals_by_unicode():
    assert [radical(c) for c in "一人江花林說龍"] == [1, 9, 85, 140, 75, 149, 212]
    labels, radicals = radical_classes("江河湖海林花說", classes=2)
    assert radicals[0] == 85
    assert labels.tolist()[:4] == [0, 0, 0, 0]
    assert labels.max() == 2
    for bad in ("a", "", "人人", "あ"):
        with pytest.raises(DataError, match="one character from U"):
            radical(bad)


def test_shifts_move_ink_and_lose_none():
    images = np.full((256, 28, 28, 1), -1.0, np.float32)
    images[:, 14, 14] = 1.0
    batches = train_features.Shifted(images, np.arange(256), seed=0)
    pictures, labels = batches[0]
    assert pictures.shape == (train_features.BATCH, 28, 28, 1)
    assert ((pictures == 1).sum(axis=(1, 2, 3)) == 1).all()
    rows, columns = np.nonzero(pictures[..., 0] == 1)[1:]
    assert set(rows) == set(columns) == {12, 13, 14, 15, 16}
    before = labels
    batches.on_epoch_end()
    assert not np.array_equal(before, batches[0][1])


def test_photographs_are_mirrored_moved_and_changed_in_colour():
    ramp = np.broadcast_to(np.linspace(-0.5, 0.5, 64, dtype=np.float32)[:, None, None], (64, 64, 3))
    batches = train_features.Photographs(np.stack([ramp] * 256), np.arange(256), seed=0)
    pictures, labels = batches[0]
    assert pictures.shape == (train_features.BATCH, 64, 64, 3)
    assert pictures.dtype == np.float32
    assert np.abs(pictures).max() <= 1.0
    slopes = pictures[:, -20, 20, 0] - pictures[:, 20, 20, 0]
    assert (slopes / (ramp[-20, 20, 0] - ramp[20, 20, 0])).min() > 0.7  # never upside down
    assert pictures.mean(axis=(1, 2, 3)).std() > 0.05  # brightness
    across = np.broadcast_to(ramp.swapaxes(0, 1), (256, 64, 64, 3))
    turned = train_features.Photographs(across, labels, seed=1)[0][0]
    mirrored = (turned[:, 32, -20, 0] < turned[:, 32, 20, 0]).mean()
    assert 0.3 < mirrored < 0.7


def test_train_save_and_read(data_folder, tmp_path):
    images, labels = (part[:512] for part in data.mnist(labels=True))
    split = (images, labels, images[:100], labels[:100])
    model, measured = train_features.train("digit_features", split, epochs=1, seed=1)
    assert set(measured) == {"accuracy", "judged_accuracy", "scale"}
    facts = {**measured, "tested": 100}
    networks.save(model, tmp_path, "digit_features", facts)
    network = networks.read(tmp_path, networks.NETWORKS["digit_features"])
    assert (network.accuracy, network.tested) == (measured["accuracy"], 100)
    assert np.sqrt((network.features(images[:100]) ** 2).mean()) == pytest.approx(1, rel=1e-3)
    found = network.probabilities(images[:100]).argmax(axis=1)
    assert (found == labels[:100]).mean() == pytest.approx(measured["accuracy"])

    (tmp_path / "config.json").write_text(json.dumps({"accuracy": 1}))
    with pytest.raises(PresetError, match="is not what ganzoo wrote"):
        networks.read(tmp_path, networks.NETWORKS["digit_features"])
    networks.save(model, tmp_path, "digit_features", facts)
    with pytest.raises(PresetError):  # the weights of another network
        networks.read(tmp_path, networks.NETWORKS["glyph_features"])
    with pytest.raises(PresetError, match="no feature network 'glyphs'"):
        networks.load("glyphs")
