"""What every model keeps that finds the latents of pictures."""

from __future__ import annotations

import numpy as np
import pytest

from ganzoo import plots, tasks, zoo
from ganzoo.errors import DataError
from ganzoo.tasks.task import Drawing
from tests.contract.support import build, data_for

ENCODING = [name for name, facts in zoo.FAMILIES.items() if facts.task == "encoding"]
pytestmark = pytest.mark.parametrize("family", ENCODING)


def test_there_and_back(family, tmp_path):
    model = build(family)
    images = plots.from_uint8(plots.to_uint8(data_for(model, 5)[0]))
    latents = model.encode(images)
    assert latents.shape == (5, model.latent_dim)
    assert latents.dtype == np.float32
    assert np.allclose(latents, model.encode(images, batch_size=2), atol=1e-6)
    back = model.reconstruct(images)
    assert np.allclose(back, model.generate(latents), atol=1e-6)
    assert np.abs(latents - model.encode(-images)).max() > 1e-4  # the picture is looked at
    assert tuple(model.judge(images, training=False).shape) == (5, 1)
    with pytest.raises(DataError, match=r"must be in \[-1, 1\]"):
        model.encode(images + 3)
    task, told = tasks.get(zoo.FAMILIES[family].task), []
    np.save(tmp_path / "inputs.npy", images)
    for ending in (".npy", ".npz"):
        output = tmp_path / f"codes{ending}"
        options = {"pictures": tmp_path / "inputs.npy"}
        drawing = Drawing(family, 9, None, output, ending, None, options)
        lines = task.encode(model, drawing, lambda *part: told.append(part))
        written = np.load(output)
        assert np.allclose(written if ending == ".npy" else written["latents"], latents, atol=1e-6)
    assert lines == [f"5 pictures of {tmp_path / 'inputs.npy'} as latents of length 4"]
    assert told[-1] == ("encoding", 5, 5)
