"""The tiny contract of every family: one step, saved and loaded, equal on every backend."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

import ganzoo
from ganzoo import penalties, zoo
from ganzoo.presets import folder as presets
from ganzoo.zoo import registry
from tests.contract import reference
from tests.contract.support import (
    BATCH,
    build,
    data_for,
    fit,
    largest_difference,
    moved,
    spread,
    values,
    without_effect,
)

FAMILIES = sorted(zoo.FAMILIES)
SHIPPED = sorted(json.loads(reference.FILE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("family", spread(FAMILIES))
def test_one_step_saved_loaded_and_gone_on_with(family, tmp_path: Path):
    model = build(family, ema_momentum=0.9, seed=4)
    config = json.loads(json.dumps(model.get_config()))
    assert json.loads(json.dumps(type(model).from_config(config).get_config())) == config

    still = without_effect(model)
    trained = [v for player in model.players for v in model.variables_of(player)]
    moving = [variable for variable in trained if id(variable) not in still]
    averages = [v for network in model.averages.values() for v in network.weights]
    before, kept = values(moving), values(averages)
    data = data_for(model)
    history = fit(model, data).history
    names = [v.path for v, change in zip(moving, moved(before, moving), strict=True) if not change]
    assert not names, f"no gradient reaches {names}"
    assert any(moved(kept, averages))
    losses = {player.loss for player in model.players.values()}
    assert set(history) == {*losses, *model.logged}
    assert np.isfinite(list(history.values())).all()
    for player, optimizer in ((p, model.optimizer[p]) for p in model.players):
        assert int(ops.convert_to_numpy(optimizer.iterations)) == model.steps[player]

    inputs = model.probe_inputs(n=3, seed=1)
    made = model.probe(inputs)
    model.save(tmp_path / "model.keras")
    whole = keras.models.load_model(tmp_path / "model.keras")
    model.save_to_preset(tmp_path / "preset")
    preset = ganzoo.load(tmp_path / "preset")
    assert presets.check_probe(preset, tmp_path / "preset") <= 1e-6
    for name, output in preset.probe(inputs).items():
        assert np.allclose(output, made[name], atol=1e-6), name
    assert largest_difference(model.variables, whole.variables) == 0.0
    assert largest_difference(model.optimizer.variables, whole.optimizer.variables) == 0.0
    assert whole.get_compile_config() == model.get_compile_config()
    for again in (model, whole):
        fit(again, data, shuffle=False)
    assert largest_difference(model.variables, whole.variables) == 0.0


@pytest.mark.parametrize("family", SHIPPED)
def test_the_same_weights_give_the_same_outputs_on_every_backend(family):
    wanted = json.loads(reference.FILE.read_text(encoding="utf-8"))[family]
    found = reference.outputs(family)
    assert list(found) == list(wanted)
    for name, numbers in wanted.items():
        np.testing.assert_allclose(found[name], numbers, atol=1e-4, rtol=0, err_msg=name)


def test_every_family_has_a_reference():
    shipped = [name for name, facts in zoo.FAMILIES.items() if facts.class_path[:7] == "ganzoo."]
    assert sorted(shipped) == SHIPPED


PENALISED = [name for name in FAMILIES if registry.model_class(name).penalised]


def _nothing(self: Any, real_logits: Any, fake_logits: Any) -> Any:
    return 0.0 * (ops.mean(real_logits) + ops.mean(fake_logits))


@pytest.mark.parametrize("family", spread(PENALISED))
def test_a_penalty_alone_reaches_every_kernel_of_the_discriminator(family):
    model = build(family)
    cls = type(model)
    model.__class__ = type(cls.__name__, (cls,), {"discriminator_loss": _nothing})
    model.compile(
        optimizers={"discriminator": keras.optimizers.SGD(1.0)}, penalty=penalties.R1(1.0)
    )
    kernels = [v for v in model.discriminator.trainable_variables if len(v.shape) > 1]
    before = values(kernels)
    model.fit(*data_for(model), batch_size=BATCH, verbose=0)
    lost = [v.path for v, change in zip(kernels, moved(before, kernels), strict=True) if not change]
    assert not lost, f"the penalty's gradient does not reach {lost}"
