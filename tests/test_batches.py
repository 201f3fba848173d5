"""Batches whose order is exact: whole epochs, resumed inside one, pairs and sets without pairs."""

from __future__ import annotations

import numpy as np
import pytest

from ganzoo.batches import ShuffledBatches, StyledBatches, UnpairedBatches
from ganzoo.errors import InvalidArgumentError

A, B = np.arange(10), 100 + np.arange(4)


def epoch(batches, number, step=0):
    batches.go_to(number, step)
    return [batches[index] for index in range(len(batches))]


def test_an_epoch_goes_once_through_the_longer_set_and_again_through_the_shorter():
    batches = UnpairedBatches(A, B, 2, seed=1)
    for number in range(3):
        first, second = (np.concatenate(part) for part in zip(*epoch(batches, number), strict=True))
        assert sorted(first) == list(A)
        assert sorted(second[:4]) == sorted(second[4:8]) == list(B)
        assert len(second) == 10
    orders = [np.concatenate([a for a, _ in epoch(batches, n)]).tolist() for n in range(2)]
    assert orders[0] != orders[1]


def test_the_two_orders_are_not_the_same():
    a, b = zip(*epoch(UnpairedBatches(A, A, 2, seed=1), 0), strict=True)
    assert np.concatenate(a).tolist() != np.concatenate(b).tolist()


@pytest.mark.parametrize("kind", ["unpaired", "shuffled"])
def test_a_begun_epoch_goes_on_as_it_was(kind):
    batches = UnpairedBatches(A, B, 3, seed=5) if kind == "unpaired" else ShuffledBatches(A, 3, 5)
    whole = epoch(batches, 4)
    rest = epoch(batches, 4, step=2)
    assert len(whole) == 3
    assert len(rest) == 1
    for left, right in zip(whole[2:], rest, strict=True):
        assert all(np.array_equal(*pair) for pair in zip(left, right, strict=True))


def test_rows_that_belong_together_stay_together():
    named = {"source": A, "target": 10 * A, "label": -A}
    for (batch,) in epoch(ShuffledBatches(named, 5, seed=2), 0):
        assert list(batch) == ["source", "target", "label"]
        assert np.array_equal(batch["target"], 10 * batch["source"])
        assert np.array_equal(batch["label"], -batch["source"])


@pytest.mark.parametrize("kind", ["unpaired", "shuffled"])
def test_half_of_the_pictures_are_mirrored_by_the_seed_alone(kind):
    random = np.random.default_rng(0)
    a, b = random.random((64, 2, 3, 1)), random.random((64, 2, 3, 2))

    def made(mirrored, epoch_number=1, step=0):
        if kind == "unpaired":
            batches = UnpairedBatches(a, b, 16, seed=5, mirrored=mirrored)
        else:
            batches = ShuffledBatches((a, b), 16, seed=5, mirrored=mirrored)
        pairs = epoch(batches, epoch_number, step)
        return [np.concatenate(part) for part in zip(*pairs, strict=True)]

    turned = []
    for plain, mirrored in zip(made(False), made(True), strict=True):
        flips = [not np.array_equal(*row) for row in zip(plain, mirrored, strict=True)]
        turn = np.array(flips)[:, None, None, None]
        assert np.array_equal(mirrored, np.where(turn, plain[:, :, ::-1], plain))
        assert 20 <= sum(flips) <= 44
        turned.append(flips)
    assert (turned[0] == turned[1]) == (kind == "shuffled")  # a pair is flipped together
    for whole, rest in zip(made(True), made(True, step=2), strict=True):
        assert np.array_equal(whole[32:], rest)


def test_what_cannot_be_batches():
    with pytest.raises(InvalidArgumentError, match="are mirrored and shifted; got arrays"):
        ShuffledBatches(A, 2, seed=1, mirrored=True)
    with pytest.raises(InvalidArgumentError, match=r"one length; got \[10, 4\]. Two sets"):
        ShuffledBatches((A, B), 2, seed=1)
    with pytest.raises(InvalidArgumentError, match="at least batch_size = 5"):
        UnpairedBatches(A, B, 5)
    with pytest.raises(InvalidArgumentError, match="batch_size must be"):
        UnpairedBatches(A, B, 0)


def test_facts_tell_the_sets_apart():
    one, other = UnpairedBatches(A, B, 2).facts(), UnpairedBatches(B, A, 2).facts()
    assert one["examples"] == ["int64 (10,)", "int64 (4,)"]
    assert one["sha256"] != other["sha256"]


def styled(batch_size: int = 4, seed: int = 3) -> StyledBatches:
    """Three sources in two styles; every pixel of a picture is ten times its source's number."""
    sources = np.full((3, 2, 2, 1), [[[[0]]], [[[10]]], [[[20]]]], np.uint8)
    source_of, labels = np.array([0, 1, 2, 0, 2]), np.array([0, 0, 0, 1, 1])
    targets = sources[source_of] + labels[:, None, None, None].astype(np.uint8)
    return StyledBatches(sources, targets, source_of, labels, batch_size, seed)


def test_pictures_in_styles_are_made_of_bytes_in_the_order_of_shuffled_ones():
    batches = styled()
    plain = ShuffledBatches(np.arange(5), 4, 3)
    for number in range(3):
        ((batch,),), ((rows,),) = epoch(batches, number), epoch(plain, number)
        assert list(batch) == ["source", "target", "label"]
        assert batch["source"].dtype == batch["target"].dtype == np.float32
        pixels = {name: (batch[name][:, 0, 0, 0] + 1) * 127.5 for name in ("source", "target")}
        assert np.allclose(pixels["source"], 10 * np.array([0, 1, 2, 0, 2])[rows], atol=1e-4)
        assert np.allclose(pixels["target"] - pixels["source"], batch["label"], atol=1e-4)
    looked_at = batches.named_parts(["source", "target", "label"])
    assert looked_at["label"].tolist() == [0, 1]  # one of each
    assert looked_at["source"].dtype == np.float32


def test_pictures_in_styles_that_begin_inside_an_epoch_and_other_sources_are_told_apart():
    whole, rest = epoch(styled(2), 4), epoch(styled(2), 4, step=1)
    assert np.array_equal(whole[1][0]["target"], rest[0][0]["target"])
    other = styled()
    other.sources[0] = 99
    assert styled().facts() == styled().facts() != other.facts()


def test_what_cannot_be_batches_of_styles():
    one = np.zeros((2, 2, 2, 1), np.uint8)
    with pytest.raises(InvalidArgumentError, match="targets must be uint8; got float64"):
        StyledBatches(one, one + 0.5, np.arange(2), np.arange(2), 1, 0)
    with pytest.raises(InvalidArgumentError, match="from 0 to 1, as there are 2 sources; got 0 to"):
        StyledBatches(one, one, np.array([0, 2]), np.arange(2), 1, 0)


@pytest.mark.parametrize("kind", ["pairs", "sets"])
def test_pictures_are_moved_together_by_the_seed_alone(kind):
    random = np.random.default_rng(2)
    a = random.random((32, 8, 8, 1), np.float32)

    def first(shifted):
        if kind == "sets":
            return UnpairedBatches(a, a.copy(), 16, seed=5, shifted=shifted)[0]
        return ShuffledBatches((a, a.copy()), 16, seed=5, shifted=shifted)[0]

    plain, moved, again = first(0), first(2), first(2)
    assert all(np.array_equal(*pair) for pair in zip(moved, again, strict=True))
    if kind == "pairs":  # the pictures of a row go the same way
        assert np.array_equal(*moved)
    found = []
    for before, after in zip(plain[0], moved[0], strict=True):
        for down, right in np.ndindex(5, 5):
            padded = np.pad(before, ((2, 2), (2, 2), (0, 0)), mode="edge")
            if np.array_equal(after, padded[4 - down : 12 - down, 4 - right : 12 - right]):
                found.append((down - 2, right - 2))
    assert len(found) == 16
    assert len(set(found)) > 5


def test_a_shift_that_cannot_be_is_refused():
    with pytest.raises(InvalidArgumentError, match="shifted must be from 0"):
        ShuffledBatches(A, 2, seed=1, shifted=-1)
    with pytest.raises(InvalidArgumentError, match="are mirrored and shifted; got arrays"):
        ShuffledBatches(A, 2, seed=1, shifted=3)
