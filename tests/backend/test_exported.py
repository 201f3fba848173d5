"""A network written as ONNX on this backend is the one that draws; TensorFlow has its own forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from ganzoo import export, zoo
from ganzoo.errors import InvalidArgumentError, OutputError
from ganzoo.zoo import registry
from tests.contract.support import set_numbered

onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
BACKEND = keras.backend.backend()


def tiny(family: str, **options: Any) -> Any:
    model = registry.model_class(family)(**zoo.FAMILIES[family].tiny, **options)
    set_numbered(model)
    return model


def test_the_average_of_a_dcgan_is_written(tmp_path: Path) -> None:
    gan = tiny("DCGAN", ema_momentum=0.5)
    for weight in gan.averages["generator"].weights:
        weight.assign(weight.value * 0.5)  # another network than the one that trains
    latents = gan.probe_inputs(n=6, seed=3)["latents"]
    written = export.onnx(gan, tmp_path / "gan.onnx")
    assert written.backend == BACKEND
    assert written.difference < 1e-5
    assert [path.name for path in tmp_path.iterdir()] == ["gan.onnx"]
    session = onnxruntime.InferenceSession(
        str(tmp_path / "gan.onnx"), providers=["CPUExecutionProvider"]
    )
    for some in (6, 1):
        (made,) = session.run(["images"], {"latents": latents[:some]})
        assert np.abs(made - gan.generate(latents)[:some]).max() < 1e-5
    trained = keras.ops.convert_to_numpy(gan.generator(latents, training=False))
    assert np.abs(trained - gan.generate(latents)).max() > 1e-3


def test_a_preset_is_held_to_its_probe(tmp_path: Path) -> None:
    tiny("ConditionalDCGAN").save_to_preset(tmp_path / "preset")
    written = export.onnx(tmp_path / "preset", tmp_path / "a.onnx", float16=True)
    assert written.inputs == {"latents": (None, 4), "condition": (None, 3)}
    assert written.outputs == {"images": (None, 8, 8, 1)}
    assert written.difference < 1e-2


@pytest.mark.parametrize(
    ("write", "file"), [(export.saved_model, "saved"), (export.tflite, "gan.tflite")]
)
def test_the_forms_of_tensorflow(write: Any, file: str, tmp_path: Path) -> None:
    gan = tiny("ConditionalDCGAN")
    if BACKEND != "tensorflow":
        with pytest.raises(InvalidArgumentError, match=r"on TensorFlow alone.*an \.onnx file"):
            write(gan, tmp_path / file)
        assert not list(tmp_path.iterdir())
        return
    assert write(gan, tmp_path / file).difference < 1e-5
    assert [path.name for path in tmp_path.iterdir()] == [file]
    with pytest.raises(OutputError, match="exists already"):
        write(gan, tmp_path / file)


def test_a_saved_model_is_replaced_as_a_whole(tmp_path: Path) -> None:
    if BACKEND != "tensorflow":
        pytest.skip("a SavedModel is written on TensorFlow alone")
    gan = tiny("DCGAN")
    export.saved_model(gan, tmp_path / "saved")
    size = sum(weight.size for weight in gan.generator.get_weights())
    variables = next((tmp_path / "saved" / "variables").glob("*.data*"))
    assert variables.stat().st_size < 4.5 * size + 4000  # each weight once
    again = export.saved_model(gan, tmp_path / "saved", network="discriminator", overwrite=True)
    assert list(again.outputs) == ["logits"]
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]
