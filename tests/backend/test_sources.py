"""What `fit` takes: the same data from every kind of source give the same batches or refusal."""

from __future__ import annotations

import re
import warnings

import numpy as np
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from ganzoo.errors import DataError
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


@settings(max_examples=30, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
@given(
    family=st.sampled_from(FAMILIES),
    which=st.integers(0, 1),
    defect=st.sampled_from(sorted(DEFECTS)),
    dtype=st.sampled_from(DTYPES),
    seed=st.integers(0, 1000),
)
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
