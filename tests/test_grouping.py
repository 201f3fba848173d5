"""Batches of groups of arrays: rows of a group belong together, and an epoch can be taken up."""

from __future__ import annotations

import numpy as np
import pytest

from ganzoo.batches import GroupedBatches
from ganzoo.errors import InvalidArgumentError


def groups(many: int = 20, few: int = 3) -> list[dict[str, np.ndarray]]:
    pictures = np.arange(few, dtype=np.float32).reshape(-1, 1, 1, 1)
    return [{"real": np.arange(many)}, {"labelled": pictures, "label": 10 * np.arange(few)}]


def test_rows_of_a_group_stay_together():
    batches = GroupedBatches(groups(), 4, seed=1)
    assert len(batches) == 5
    made = [batches[index][0] for index in range(5)]
    assert sorted(np.concatenate([batch["real"] for batch in made])) == list(range(20))
    for batch in made:
        assert np.array_equal(10 * batch["labelled"].ravel(), batch["label"])
    counts = np.bincount(np.concatenate([batch["label"] for batch in made]) // 10)
    assert counts.max() - counts.min() <= 1  # the shorter group goes round


def test_an_epoch_is_taken_up_where_it_stopped():
    whole, later = GroupedBatches(groups(), 4, seed=1, epoch=2), GroupedBatches(groups(), 4, seed=1)
    later.go_to(2, 3)
    assert len(later) == 2
    for name, part in whole[3][0].items():
        assert np.array_equal(part, later[0][0][name])
    assert not np.array_equal(
        whole[0][0]["real"], GroupedBatches(groups(), 4, seed=1)[0][0]["real"]
    )


def test_mirrored_pictures_keep_their_labels():
    pictures = np.zeros((8, 1, 2, 1), np.float32)
    pictures[:, 0, 0, 0] = np.arange(8)
    named = [{"real": pictures, "label": np.arange(8)}]
    batch = GroupedBatches(named, 8, seed=1, mirrored=True)[0][0]
    left = batch["real"][:, 0, 0, 0] == batch["label"]
    right = batch["real"][:, 0, 1, 0] == batch["label"]
    assert (left | right).all()
    assert right.any()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ([{"a": np.zeros(4), "b": np.zeros(3)}], "one length"),
        ([{"a": np.zeros(4)}, {"a": np.zeros(4)}], "names of its own"),
        ([{"a": np.zeros(4)}, {"b": np.zeros(0)}], "one row at least"),
        ([], "Each group"),
        ([{"a": np.zeros(3)}], "at least batch_size = 4"),
    ],
)
def test_what_cannot_be_is_refused(wrong, message):
    with pytest.raises(InvalidArgumentError, match=message):
        GroupedBatches(wrong, 4)
