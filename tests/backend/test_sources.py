"""What `fit` takes: the same data from every kind of source give the same batches or refusal."""

from __future__ import annotations

import re
import warnings

import keras
import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

import ganzoo
from ganzoo.batches import ShuffledBatches
from ganzoo.errors import DataError
from ganzoo.training import TrainingState
from tests.backend import feeds

FAMILIES = ("DCGAN", "ConditionalDCGAN", "FATGAN", "Pix2Pix", "CycleGAN")
DTYPES = ("float32", "float64", "float16", "int64", "uint8")
_models: dict[str, object] = {}


def model_of(family):
    """Return the model of a family, made once."""
    if family not in _models:
        _models[family] = feeds.model_of(family)
    return _models[family]


def nothing(array, part):
    return array


def bytes_of(array, part):
    return np.round((array + 1.0) * 127.5)


def with_nan(array, part):
    array = array.astype("float32")
    array.flat[array.size // 2] = np.nan
    return array


DEFECTS = {
    "none": nothing,
    "0 to 255": bytes_of,
    "0 to 1": lambda array, part: (array + 1.0) / 2.0,
    "nan": with_nan,
    "channels first": lambda array, part: np.moveaxis(array, -1, 1),
    "no channel": lambda array, part: array[..., 0],
    "flat": lambda array, part: array.reshape(len(array), -1),
    "too wide": lambda array, part: np.repeat(array, 2, axis=1),
    "labels from 1": lambda array, part: array + 1,
    "labels from -1": lambda array, part: array - 1,
    "one-hot": lambda array, part: np.eye(len(part.classes), dtype="float32")[array],
    "half a label": lambda array, part: array + 0.5,
}
OF_LABELS = {"labels from 1", "labels from -1", "one-hot", "half a label"}


def outcome(model, call):
    """Return the first batch, or the refusal in one line without where it was met; and warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found = feeds.first_batch(model, call)
        except DataError as error:
            found = re.sub(r"^Batch \d+ of the [\w.]+: ", "", str(error))
            assert "\n" not in found
    return found, [str(one.message) for one in caught if "makes [-1, 1]" in str(one.message)]


def damaged(model, which, defect, dtype, seed):
    """Return right examples by part, of which one part has a defect; None where it cannot."""
    parts = feeds.parts_of(model, 2 + seed % 4, seed)
    part = model.parts[which % len(model.parts)]
    of_labels = hasattr(part, "classes")
    if defect != "none" and (defect in OF_LABELS) != of_labels:
        return None
    made = DEFECTS[defect](parts[part.name], part)
    made = made if of_labels or defect == "nan" else made.astype(dtype)
    return {**parts, part.name: np.ascontiguousarray(made)}


@settings(max_examples=20, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
@given(
    family=st.sampled_from(FAMILIES),
    which=st.integers(0, 1),
    defect=st.sampled_from(sorted(DEFECTS)),
    dtype=st.sampled_from(DTYPES),
    seed=st.integers(0, 1000),
)
@pytest.mark.slow
def test_every_source_gives_the_same_first_batch_or_the_same_refusal(
    family, which, defect, dtype, seed
):
    model = model_of(family)
    parts = damaged(model, which, defect, dtype, seed)
    assume(parts is not None)
    expected, warned = outcome(model, feeds.arrays(parts))
    for name, source in feeds.SOURCES.items():
        found, again = outcome(model, source(parts))
        if isinstance(expected, str) or isinstance(found, str):
            assert found == expected, name
        else:
            assert list(found) == list(expected)
            for part in expected:
                np.testing.assert_array_equal(found[part], expected[part], err_msg=name)
        assert len(again) == len(warned), (name, again)


def numbers(model, n=8, seed=5):
    """Return right examples as float32, and labels as int64."""
    parts = feeds.parts_of(model, n, seed)
    return {k: v.astype("float32") if v.dtype.kind == "f" else v for k, v in parts.items()}


def in_two(parts):
    """Return two batches, the halves, as tuples."""
    half = len(next(iter(parts.values()))) // 2
    return [tuple(v[part] for v in parts.values()) for part in (slice(half), slice(half, None))]


def tf_data_of(batches):
    import tensorflow as tf

    whole = tf.nest.map_structure(lambda *rows: np.concatenate(rows), *batches)
    return tf.data.Dataset.from_tensor_slices(whole).batch(len(batches[0][0]))


def loader_of(batches):
    from torch.utils.data import DataLoader

    return DataLoader(batches, batch_size=None, collate_fn=lambda batch: batch)


class DatasetOf(keras.utils.PyDataset):
    def __init__(self, batches):
        super().__init__()
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        return self.batches[index]


STREAMS = {
    "tf.data.Dataset": tf_data_of,
    "DataLoader": loader_of,
    "PyDataset": DatasetOf,
    "generator": lambda batches: (batch for batch in batches),
}
streams = pytest.mark.parametrize("kind", STREAMS)
unshuffled = {"shuffle": False, "verbose": 0}


@streams
def test_labels_of_every_batch_are_looked_at(kind):
    model = model_of("ConditionalDCGAN")
    parts = numbers(model)
    parts["label"][-1] = 3
    with pytest.raises(DataError, match=rf"^Batch 2 of the {kind}: .* got \d to 3\.$"):
        model.fit(STREAMS[kind](in_two(parts)), **unshuffled)


@streams
def test_a_guard_looks_at_every_batch(kind, tmp_path):
    model = model_of("DCGAN")
    parts = numbers(model)
    parts["real"][-1, 0, 0, 0] = np.nan
    feeds.first_batch(model, feeds.fit(STREAMS[kind](in_two(parts)), shuffle=False))
    guard = TrainingState(tmp_path, guard=5)
    with pytest.raises(DataError, match=rf"^Batch 2 of the {kind}: .* finite; example 3 is not"):
        model.fit(STREAMS[kind](in_two(parts)), callbacks=[guard], **unshuffled)


@streams
def test_text_that_is_not_used_is_left_out(kind):
    model = model_of("DCGAN")
    (first,), (second,) = in_two(numbers(model))
    names = np.array(["a", "b", "c", "d"])
    batches = [(first, names), (second, names)]
    found = feeds.first_batch(model, feeds.fit(STREAMS[kind](batches), shuffle=False))
    np.testing.assert_array_equal(found["real"], first)
    labelled = model_of("ConditionalDCGAN")
    with pytest.raises(
        DataError, match=rf"^Batch 1 of the {kind}: Labels must be integers; got 'a"
    ):
        labelled.fit(STREAMS[kind](batches), **unshuffled)


@streams
def test_what_stands_beside_batches_is_refused(kind):
    model = model_of("DCGAN")
    batches = in_two(numbers(model))
    for name in ("y", "sample_weight"):
        with pytest.raises(DataError, match=f"A {kind} brings all .* {name} is for arrays"):
            model.fit(STREAMS[kind](batches), **{name: np.ones(8)}, **unshuffled)


@streams
def test_validation_data_are_looked_at(kind):
    model = model_of("DCGAN")
    good, bad = numbers(model), numbers(model)
    bad["real"] = bad["real"] * 127.5 + 127.5
    with pytest.raises(DataError, match=f"^Batch 1 of the {kind} of validation_data: .* 127.5"):
        model.fit(
            good["real"], validation_data=STREAMS[kind](in_two(bad)), batch_size=8, **unshuffled
        )
    with pytest.raises(DataError, match=f"^Batch 1 of the {kind}: .* 127.5 - 1"):
        model.evaluate(STREAMS[kind](in_two(bad)), verbose=0)


def empty_sources():
    import tensorflow as tf
    from torch.utils.data import DataLoader

    few = np.zeros((3, 8, 8, 1), "float32")
    return {
        "generator": iter(()),
        "PyDataset": DatasetOf([]),
        "DataLoader": DataLoader(few, batch_size=4, drop_last=True),
        "tf.data.Dataset": tf.data.Dataset.from_tensor_slices(few).batch(4, drop_remainder=True),
    }


@pytest.mark.parametrize("kind", ["generator", "PyDataset", "DataLoader", "tf.data.Dataset"])
def test_a_source_without_a_batch_is_refused(kind):
    with pytest.raises(DataError, match=f"There is no batch in the {kind}: it is empty, or has"):
        model_of("DCGAN").fit(empty_sources()[kind], verbose=0)


def test_fewer_examples_than_a_batch():
    model = model_of("DCGAN")
    few = numbers(model, 3)["real"]
    assert len(feeds.first_batch(model, feeds.fit(few, batch_size=32))["real"]) == 3
    with pytest.raises(DataError, match=r"3 examples make no batch of 4; take a batch_size of 3"):
        model.fit(ShuffledBatches(few, 4, seed=1), verbose=0)


def test_a_seeded_pipeline_has_the_order_that_it_has_alone():
    import tensorflow as tf

    def pipeline():
        return tf.data.Dataset.from_tensor_slices(pictures).shuffle(12, seed=3).batch(4)

    model = model_of("DCGAN")
    pictures = numbers(model, 12)["real"]
    feeds.first_batch(model, feeds.fit(pipeline(), epochs=2))
    kept = model.kept
    unseen = super(ganzoo.AdversarialModel, model)  # Keras' own fit
    feeds.first_batch(model, lambda _: unseen.fit(pipeline(), epochs=2, verbose=0))
    assert len(kept) == len(model.kept) == 6
    for one, other in zip(kept, model.kept, strict=True):
        np.testing.assert_array_equal(one["real"], other["real"])


@streams
def test_a_refused_batch_leaves_a_model_that_trains(kind):
    gan = ganzoo.VanillaGAN((8, 8, 1), 4, generator_units=(4,), discriminator_units=(4,), seed=1)
    (good,), (bad,) = in_two(numbers(gan))
    before = [weight.copy() for weight in gan.get_weights()]
    for call in (gan.fit, gan.evaluate):
        with pytest.raises(DataError):
            call(STREAMS[kind]([(bad * 200,), (bad * 200,)]), verbose=0)
    assert all(np.array_equal(*pair) for pair in zip(before, gan.get_weights(), strict=True))
    assert int(gan.optimizer.iterations) == int(gan.images) == 0
    gan.fit(STREAMS[kind]([(good,), (good,)]), steps_per_epoch=1, verbose=0)
    assert int(gan.optimizer.iterations) == 1
    assert np.isfinite(gan.sample(2, seed=0)).all()


def test_batches_of_one_step_are_looked_at():
    model = model_of("DCGAN")
    pictures = numbers(model)["real"]
    for call in (model.train_on_batch, model.test_on_batch):
        with pytest.raises(DataError, match=r"x / 127.5 - 1"):
            call(keras.ops.convert_to_tensor(pictures * 127.5 + 127.5))
