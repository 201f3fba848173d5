"""What the layers refuse: a line that says the argument, what is accepted and what was received."""

from __future__ import annotations

import inspect
import math

import keras
import pytest

from ganzoo import layers
from ganzoo.errors import GanzooError, InvalidArgumentError
from ganzoo.layers.clipping import Clip
from ganzoo.layers.members import ChosenMember, DenseOfMembers
from ganzoo.layers.modulation import Basis, ModulatedConv2D, PixelNoise, SlowDense
from ganzoo.schedules import ScheduledAdam

GIVEN = {  # what each layer cannot be made without
    layers.ConditionalBatchNormalization: {"classes": 3},
    layers.SpectralNormalization: {"layer": keras.layers.Dense(2)},
    layers.WeightNormDense: {"units": 2},
    Clip: {"bound": 0.1},
    DenseOfMembers: {"units": 2},
    ChosenMember: {"members": 2},
    Basis: {"height": 2, "width": 2},
    ModulatedConv2D: {"filters": 2},
    SlowDense: {"units": 2},
    ScheduledAdam: {"batch_size": 8},
}
OURS = (
    layers.BicubicEnlargement, layers.Blur, layers.FadeIn, layers.ImagePool,
    layers.InstanceNormalization, layers.MinibatchStandardDeviation, layers.PixelShuffle,
    layers.ReflectionPadding2D, layers.SelfAttention, PixelNoise, *GIVEN,
)  # fmt: skip
NUMBERS = [
    (cls, name)
    for cls in OURS
    for name, parameter in inspect.signature(cls).parameters.items()
    if parameter.annotation in ("int", "float", "int | None", "bool")
]


@pytest.mark.parametrize(("cls", "name"), NUMBERS)
@pytest.mark.parametrize("value", ["a", math.nan, -1.5, [1, 2]])
def test_a_number_that_is_none_is_refused(cls, name, value):
    with pytest.raises(InvalidArgumentError) as caught:
        cls(**{**GIVEN.get(cls, {}), name: value})
    assert "\n" not in str(caught.value)
    assert repr(value) in str(caught.value)


def test_every_layer_of_ours_is_looked_at():
    names = {getattr(layers, name) for name in layers.__all__}
    own = {cls for cls in names if inspect.isclass(cls) and "__init__" in vars(cls)}
    assert own <= {*OURS, layers.Bounded, layers.Dropout, layers.GaussianNoise}
    assert {name for _, name in NUMBERS} >= {"epsilon", "alpha", "bound", "rate", "seed", "beta_1"}


@pytest.mark.parametrize("stddev", ["a", math.nan, 1.5])
def test_noise_of_no_standard_deviation(stddev):
    with pytest.raises(GanzooError, match="standard deviation of noise must be in"):
        layers.gaussian_noise(stddev)
