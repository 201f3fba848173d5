"""From a name or a folder to what it is: the zoo's, a preset's, a training's, or a clear error."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ganzoo
from ganzoo import zoo
from ganzoo.errors import GanzooError, InvalidArgumentError, PresetError, UnknownModelError
from ganzoo.presets import find
from ganzoo.zoo import registry


@pytest.fixture(scope="module")
def preset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A preset of a small DCGAN."""
    folder = tmp_path_factory.mktemp("presets") / "mine"
    registry.model_class("DCGAN")(**zoo.FAMILIES["DCGAN"].tiny).save_to_preset(folder)
    return folder


@pytest.fixture
def run(preset: Path, tmp_path: Path) -> Path:
    """The folder of a training of dcgan_mnist with its preset."""
    folder = tmp_path / "run"
    shutil.copytree(preset, folder / "preset")
    recipe = registry.entry("dcgan_mnist").recipe
    assert recipe is not None
    facts = {"name": "dcgan_mnist", "start": None, "images": None, **dataclasses.asdict(recipe)}
    (folder / "recipe.json").write_text(json.dumps({**facts, "seed": 77}))
    return folder


@pytest.mark.parametrize("name", zoo.ENTRIES)
def test_name(name: str) -> None:
    found, entry = find.resolve(name), registry.entry(name)
    assert found.entry is entry
    assert (found.name, found.folder, found.family) == (name, None, entry.family)
    assert found.task == registry.family(entry.family).task
    assert found.recipe is entry.recipe
    assert found.config == entry.config


def test_shipped_folder() -> None:
    folder = find.preset_folder("cdcgan_mnist")
    found = find.resolve(folder)
    assert (found.name, found.folder, found.task) == ("cdcgan_mnist", folder, "labelled")
    assert found.entry is registry.entry("cdcgan_mnist")
    assert found.config["classes"] == list("0123456789")


def test_preset_of_ones_own(preset: Path) -> None:
    found = find.resolve(str(preset))
    assert (found.name, found.entry, found.recipe) == ("mine", None, None)
    assert (found.family, found.task, found.folder) == ("DCGAN", "sampling", preset)
    assert tuple(found.config["image_shape"]) == (8, 8, 1)


def test_training(run: Path) -> None:
    for folder in (run, run / "preset"):
        found = find.resolve(folder)
        assert (found.name, found.folder) == ("dcgan_mnist", run / "preset")
        assert found.recipe is not None
        assert (found.recipe.seed, found.recipe.data) == (77, "mnist")
    assert find.preset_folder(run) == run / "preset"
    assert ganzoo.load(run).data_shape == (8, 8, 1)


def test_training_on_own_data(run: Path) -> None:
    facts = json.loads((run / "recipe.json").read_text())
    (run / "recipe.json").write_text(json.dumps({**facts, "images": "pictures/"}))
    recipe = find.resolve(run).recipe
    assert recipe is not None
    assert recipe.data == "pictures/"


@pytest.mark.parametrize("text", ["", "[]", '{"name": 3}', '{"name": "gan_mnist", "stages": 1}'])
def test_recipe_that_cannot_be_read(text: str, run: Path) -> None:
    (run / "recipe.json").write_text(text)
    found = find.resolve(run)
    assert (found.family, found.entry, found.recipe) == ("DCGAN", None, None)


def test_folder_named_like_an_entry_of_another_family(preset: Path, tmp_path: Path) -> None:
    shutil.copytree(preset, tmp_path / "gan_mnist")
    found = find.resolve(tmp_path / "gan_mnist")
    assert (found.name, found.entry) == ("gan_mnist", None)


def test_resolve_imports_no_keras(preset: Path) -> None:
    code = (
        "import sys; from ganzoo.presets import find\n"
        "assert find.resolve(sys.argv[1]).task == 'sampling'\n"
        "assert find.resolve('fatgan_electrons').task == 'events'\n"
        "find.preset_folder('gan_mnist')\n"
        "assert 'keras' not in sys.modules\n"
        "assert not {'tensorflow', 'torch', 'jax'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(preset)], check=True, timeout=60)


def one_line(call, error: type[GanzooError], *parts: str) -> None:
    """Assert that a call is refused in one line that holds these parts."""
    with pytest.raises(error) as caught:
        call()
    text = str(caught.value)
    assert text
    assert "\n" not in text
    for part in parts:
        assert part in text


@pytest.mark.parametrize("ask", [find.resolve, find.preset_folder, ganzoo.load])
def test_what_is_no_model(ask, tmp_path: Path) -> None:
    one_line(lambda: ask("dcgan_mnits"), UnknownModelError, "Did you mean 'dcgan_mnist'")
    one_line(lambda: ask("no/such"), UnknownModelError, "There is no preset folder 'no/such'")
    one_line(lambda: ask(Path("nothing")), UnknownModelError, "no preset folder")
    one_line(lambda: ask(""), InvalidArgumentError, "got ''")
    one_line(lambda: ask(3), InvalidArgumentError, "got 3")
    (tmp_path / "recipe.json").write_text("{}")
    one_line(lambda: ask(tmp_path), UnknownModelError, "no preset yet", "--resume")


@pytest.mark.parametrize("ask", [find.resolve, ganzoo.load])
def test_folder_without_a_preset(ask, tmp_path: Path) -> None:
    one_line(lambda: ask(tmp_path), PresetError, "config.json is missing")


def test_whole_models(preset: Path, tmp_path: Path) -> None:
    path = str(tmp_path / "gan.keras")
    one_line(lambda: ganzoo.load(path), UnknownModelError, "There is no file", "gan.keras")
    one_line(lambda: ganzoo.load(path, seed=1), UnknownModelError, "There is no file")
    ganzoo.load(preset).save(path)
    assert ganzoo.load(path).data_shape == (8, 8, 1)
    assert ganzoo.load(Path(path)).data_shape == (8, 8, 1)
    one_line(lambda: ganzoo.load(path, seed=1), InvalidArgumentError, "'seed'", "preset")
    found = find.resolve(path)
    assert (found.name, found.family, found.folder) == ("gan", "DCGAN", Path(path))
    assert set(found.config) == set(find.resolve(preset).config)
    assert find.preset_folder(path) == Path(path)


def test_is_model(run: Path, tmp_path: Path) -> None:
    assert all(map(find.is_model, ("gan_mnist", run, run / "preset")))
    assert not any(map(find.is_model, ("gan_mnits", tmp_path, tmp_path / "x.npz")))
