"""`ganzoo export` and `ganzoo.export.onnx`: what is written computes what the model does."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from click.testing import CliRunner
from keras import layers, ops

import ganzoo
from ganzoo import export, zoo
from ganzoo.cli import main
from ganzoo.errors import ExportError, InvalidArgumentError, MissingExtraError, OutputError
from ganzoo.export import networks
from ganzoo.export.subject import Subject
from ganzoo.presets import find
from ganzoo.zoo import registry
from tests.contract.support import wake
from tests.export.test_rules import in_onnxruntime

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")


def command(*arguments: Any) -> Any:
    return CliRunner().invoke(main, ["export", *map(str, arguments)])


def session(path: Path) -> Any:
    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])


def by_name(path: Path, **inputs: np.ndarray) -> np.ndarray:
    """Return the first output of a file for inputs by their names."""
    return session(path).run(None, inputs)[0]


def tiny(family: str, **options: Any) -> Any:
    model = registry.model_class(family)(**zoo.FAMILIES[family].tiny, **options)
    wake(model)
    return model


# --- shipped checkpoints -------------------------------------------------------------------------


def drawn(name: str) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return inputs of seven rows, and what the public verbs of a checkpoint make of them."""
    gan = ganzoo.load(name)
    if name == "pix2pix_emoji":
        sources = gan.probe_inputs(n=7, seed=5)["source"]
        return {"source": sources}, gan.translate(sources)
    latents = gan.probe_inputs(n=7, seed=5)["latents"]
    if name != "cdcgan_mnist":
        return {"latents": latents}, gan.generate(latents)
    mixed = np.full((7, 10), 0.1, np.float32)
    return {"latents": latents, "condition": mixed}, gan.generate(latents, mixed)


@pytest.mark.parametrize(
    ("name", "output", "float16"),
    [
        ("dcgan_mnist", "images", True),
        ("cdcgan_mnist", "images", False),
        ("fatgan_electrons", "events", False),
        ("pix2pix_emoji", "target", False),
    ],
)
def test_a_shipped_checkpoint(name: str, output: str, float16: bool, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    result = command(name, "-o", path, *(["--float16"] if float16 else []))
    assert result.exit_code == 0, result.output
    assert [each.name for each in tmp_path.iterdir()] == ["model.onnx"]
    (line,) = result.output.splitlines()
    assert f"{path.stat().st_size:,} bytes" in line
    assert " ms each in onnxruntime, " in line
    weights = sum(w.size for w in ganzoo.load(name).generator.get_weights())
    assert path.stat().st_size < (2.1 if float16 else 4.1) * weights + 20_000
    inputs, wanted = drawn(name)
    made = by_name(path, **inputs)
    scale = max(1.0, np.abs(wanted).max())
    assert np.abs(made - wanted).max() / scale < (1e-2 if float16 else 1e-4)
    assert [each.name for each in session(path).get_outputs()] == [output]
    facts = {each.key: each.value for each in onnx.load(path).metadata_props}
    entry = zoo.ENTRIES[name]
    assert facts["name"] == name
    assert facts["family"] == entry.family
    assert facts["task"] == zoo.FAMILIES[entry.family].task
    assert (facts["licence"], facts["credit"]) == (entry.licence, entry.credit)
    assert facts["ganzoo"] == ganzoo.__version__
    assert facts["weights"] == ("float16" if float16 else "float32")
    assert {f"input.{each}" for each in inputs} | {f"output.{output}"} <= {*facts}


def test_own_data_have_no_licence_of_the_zoo() -> None:
    found = find.resolve("dcgan_mnist")
    assert found.recipe is not None
    own_data = dataclasses.replace(found, recipe=dataclasses.replace(found.recipe, data="mine/"))
    facts = [
        Subject(tiny("DCGAN"), each, "generator", {}, [], None).facts for each in (found, own_data)
    ]
    assert [facts[0].get("licence"), facts[1].get("licence")] == ["CC-BY-SA-3.0", None]
    assert facts[0]["name"] == facts[1]["name"] == "dcgan_mnist"


# --- every family --------------------------------------------------------------------------------

OF_MANY_LAYERS = (  # together they have all layers of the zoo
    *("CCGAN", "ConditionalDCGAN", "CycleGAN", "FATGAN", "InfoGAN", "R3GAN", "SAGAN", "SRGAN"),
    *("StyleGAN2", "VanillaGAN", "Zi2Zi"),
)


OF_BATCHES = (("ProGAN", "discriminator"), ("StyleGAN2", "discriminator"))  # they look at all rows


@pytest.mark.parametrize(
    "family",
    [
        pytest.param(family, marks=() if family in OF_MANY_LAYERS else pytest.mark.slow)
        for family in sorted(zoo.FAMILIES)
    ],
)
def test_every_network_of_every_family(family: str) -> None:
    model = tiny(family)
    for name in model.networks:
        network = model.inference_network(name)
        inputs = networks.examples(model, name, 4)
        if (family, name) in OF_BATCHES:
            with pytest.raises(InvalidArgumentError, match="the whole batch"):
                in_onnxruntime(network, *inputs.values())
            continue
        given = list(inputs.values())
        wanted = network(given if len(given) > 1 else given[0], training=False)
        wanted = wanted if isinstance(wanted, list | tuple) else [wanted]
        for one, other in zip(in_onnxruntime(network, *given), wanted, strict=True):
            np.testing.assert_allclose(one, ops.convert_to_numpy(other), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("family", "network", "inputs", "outputs"),
    [
        ("DCGAN", "discriminator", ["images"], ["logits"]),
        ("WGAN", "discriminator", ["images"], ["scores"]),
        ("FATGAN", "discriminator", ["events"], ["scores"]),
        ("SAGAN", "generator", ["latents", "condition"], ["images"]),
        ("StyleGAN2", "generator", ["latents"], ["images"]),
        ("BiGAN", "discriminator", ["images", "latents"], ["logits"]),
        ("BiGAN", "encoder", ["images"], ["latents"]),
        ("CoGAN", "generator", ["latents"], ["images_a", "images_b"]),
        ("CycleGAN", "generator_ba", ["b"], ["a"]),
        ("InfoGAN", "recognition", ["features"], ["recognition", "features"]),
        ("ACGAN", "discriminator", ["images"], ["logits", "classes"]),
        ("PixelDA", "task_classifier", ["images"], ["classes"]),
        ("Zi2Zi", "generator", ["source", "condition"], ["target"]),
        ("CCGAN", "generator", ["image", "mask"], ["completed"]),
    ],
)
def test_names(family: str, network: str, inputs: list[str], outputs: list[str]) -> None:
    model = tiny(family)
    assert networks.input_names(model, network) == inputs
    assert networks.output_names(model, network) == outputs


def test_a_discriminator_is_compared_on_what_the_generator_draws() -> None:
    model = tiny("DCGAN")
    images = networks.examples(model, "discriminator", 4)["images"]
    assert np.array_equal(images, model.generate(model.probe_inputs(n=4, seed=1)["latents"]))


def test_pictures_of_any_size(tmp_path: Path) -> None:
    model = tiny("SRGAN")
    written = export.onnx(model, tmp_path / "large.onnx")
    assert written.inputs == {"source": (None, None, None, 3)}
    small = np.tanh(np.random.default_rng(0).standard_normal((2, 5, 7, 3))).astype(np.float32)
    wanted = ops.convert_to_numpy(model.generator(small, training=False))
    assert np.abs(by_name(tmp_path / "large.onnx", source=small) - wanted).max() < 1e-4


# --- networks of one's own -----------------------------------------------------------------------


class Tilt(layers.Layer):
    """Written in keras.ops, so it needs no rule."""

    def build(self, input_shape: Any) -> None:
        self.angle = self.add_weight(shape=(), initializer=keras.initializers.Constant(0.3))

    def call(self, x: Any) -> Any:
        return ops.tanh(x * ops.cos(self.angle) + 0.1 * ops.square(x))


class Noise(layers.Layer):
    """Draws in inference too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seed_generator = keras.random.SeedGenerator(1)

    def call(self, x: Any) -> Any:
        return x + keras.random.normal((1, x.shape[-1]), seed=self.seed_generator)


class FreshNoise(Noise):
    """The same, of as many rows as there are examples."""

    def call(self, x: Any) -> Any:
        return x + keras.random.normal(ops.shape(x), seed=self.seed_generator)


class TwoFaced(layers.Layer):
    """Says of symbols something else than it does with numbers."""

    def call(self, x: Any) -> Any:
        return 2.0 * x if isinstance(x, keras.KerasTensor) else 3.0 * x

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape


def own(layer: Any, inputs: Any = None) -> Any:
    """Return a GAN on the plane whose generator has a layer."""
    latents = inputs if inputs is not None else keras.Input((3,))
    generator = keras.Model(latents, layers.Dense(2)(layer(latents)))
    return ganzoo.GAN(generator, keras.Sequential([keras.Input((2,)), layers.Dense(1)]))


def test_a_layer_of_ones_own(tmp_path: Path) -> None:
    gan = own(Tilt())
    export.onnx(gan, tmp_path / "own.onnx")
    latents = gan.probe_inputs(n=9, seed=4)["latents"]
    made = by_name(tmp_path / "own.onnx", latents=latents)
    assert np.abs(made - gan.generate(latents)).max() < 1e-5


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: own(Noise(name="noise")), r"the layer noise \(Noise\): it needs random numbers"),
        (lambda: own(FreshNoise()), "random numbers, which it draws in inference too"),
        (lambda: own(lambda x: ops.cumsum(x, axis=1)), "operation Cumsum, which has no rule"),
        (lambda: own(lambda x: x * 1.0, keras.Input((1,), dtype="int32")), "takes int32"),
        (lambda: tiny("DCGAN", dtype="mixed_bfloat16"), "bfloat16.*save_to_preset"),
        (lambda: keras.Sequential([layers.Dense(1)]), "model of ganzoo.*got Sequential"),
    ],
    ids=["noise", "fresh noise", "operation", "integers", "half precision", "no GAN"],
)
def test_what_cannot_be_exported_is_one_line(make: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match=said) as caught:
        export.onnx(make(), tmp_path / "a.onnx")
    assert len(str(caught.value).splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_the_random_state_of_a_refused_layer_is_left_alone(tmp_path: Path) -> None:
    layer = Noise()
    gan = own(layer)
    before = np.array(ops.convert_to_numpy(layer.seed_generator.state))
    with pytest.raises(InvalidArgumentError, match="random"):
        export.onnx(gan, tmp_path / "a.onnx")
    # The examples that a network is compared on are drawn before it is opened.
    after = np.array(ops.convert_to_numpy(layer.seed_generator.state))
    assert (before == after).all()


def test_nothing_is_left_where_the_file_computes_something_else(tmp_path: Path) -> None:
    gan = own(TwoFaced())
    with pytest.raises(ExportError, match=r"they differ by .* 0\.0001 is accepted"):
        export.onnx(gan, tmp_path / "a.onnx")
    assert not list(tmp_path.iterdir())
    earlier = tmp_path / "a.onnx"
    earlier.write_text("an earlier file")
    with pytest.raises(ExportError):
        export.onnx(gan, earlier, overwrite=True)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["an earlier file"]


def test_a_model_is_as_before() -> None:
    model = tiny("ConditionalDCGAN")  # its layers hold layers
    parts = [layer for net in model.networks.values() for layer in net._flatten_layers()]
    before = [len(layer._inbound_nodes) for layer in parts]
    in_onnxruntime(model.generator, *networks.examples(model, "generator", 2).values())
    assert [len(layer._inbound_nodes) for layer in parts] == before


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--network", "discriminater"], 2, "Did you mean 'discriminator'? There are: generator,"),
        (["-o", "model.pb"], 2, "the ending must be .onnx or .tflite, or name a folder"),
        (["-o", "there.onnx"], 1, "exists already; pass --overwrite"),
        (["-o", "there"], 1, "exists already; pass --overwrite"),
        (["-o", "there", "--overwrite"], 1, "it is no SavedModel"),
        (["-o", "no/model.onnx"], 1, "there is no folder no"),
        (["-o", "model.tflite", "--float16"], 2, "--float16 is for .onnx files"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_refusal(
    arguments: list[str], code: int, said: str, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.onnx").write_text("x")
    (tmp_path / "there").mkdir()
    result = command("fatgan_electrons", *arguments)
    assert result.exit_code == code, result.output
    assert said in result.output
    assert len(result.output.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there", "there.onnx"]


def test_python_refuses_what_the_command_does(tmp_path: Path) -> None:
    model = tiny("DCGAN")
    with pytest.raises(InvalidArgumentError, match=r"a file that ends in \.onnx"):
        export.onnx(model, tmp_path / "model.pb")
    (tmp_path / "a.onnx").write_text("x")
    with pytest.raises(OutputError, match="pass overwrite=True"):
        export.onnx(model, tmp_path / "a.onnx")


@pytest.mark.parametrize("package", ["onnx", "onnxruntime"])
def test_a_missing_package_is_named(package: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, package, None)  # as if it were not installed
    result = command("fatgan_electrons", "-o", tmp_path / "a.onnx")
    assert result.exit_code == 1
    assert f"needs {package}, which is not installed" in result.output
    assert 'pip install "keras-ganzoo[export]"' in result.output
    with pytest.raises(MissingExtraError):
        export.onnx(tiny("DCGAN"), tmp_path / "a.onnx")


def test_keras_own_export_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match=r"ganzoo\.export\.onnx\(model, "):
        tiny("DCGAN").export(str(tmp_path / "a.onnx"), format="onnx")
    assert not list(tmp_path.iterdir())
