"""`ganzoo evaluate` on real digits, through the command line, and the cards it writes."""

from __future__ import annotations

import dataclasses
import json
import shutil

import keras
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import ganzoo
from ganzoo import data, metrics, zoo
from ganzoo.cli import main
from ganzoo.errors import InvalidArgumentError, PresetError
from ganzoo.evaluation import cards, pictures
from ganzoo.evaluation import evaluate as evaluation
from ganzoo.evaluation.subject import subject_of
from ganzoo.presets import feature_networks as networks
from ganzoo.presets import find
from ganzoo.schedules import Schedule
from ganzoo.tasks.pictures import write_folder
from ganzoo.tasks.task import Drawing

# Of the hub's list of identifiers.
HUB_LICENCES = ("cc-by-2.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc0-1.0", "mit", "other")
N = 800


@pytest.fixture(scope="module")
def few(data_folder, tmp_path_factory):
    """A data source of 3000 training and 800 test digits, and some files of digits."""
    folder = tmp_path_factory.mktemp("few")
    train, test = data.mnist()[:3000], data.mnist("test")[:N]

    def digits(split: str = "train") -> np.ndarray:
        return train if split == "train" else test

    patch = pytest.MonkeyPatch()
    patch.setitem(data.SOURCES, "few", digits)
    patch.setitem(
        networks.NETWORKS,
        "digit_features",
        networks.Network(**{**vars(networks.NETWORKS["digit_features"]), "data": ("few",)}),
    )
    others = data.mnist("test")[-N:]
    np.savez(folder / "real.npz", images=others)
    np.save(folder / "one.npy", np.repeat(others[:1], N, axis=0))
    yield folder
    patch.undo()


def run(*arguments: object, code: int = 0) -> str:
    """Run the command line; return what it printed."""
    result = CliRunner().invoke(main, ["evaluate", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def test_real_digits_reach_the_floor_and_one_digit_is_a_collapse(few, tmp_path):
    table = evaluation.evaluate(few / "real.npz", reference="few", samples=N)
    assert table.facts["features_of"] == "digit_features"
    assert table.facts["held_out"] == "test split"
    assert not table.findings
    assert max(abs(row.excess()) for row in table.rows.values()) < 5, str(table)
    assert table["score"].value > 9.6
    output = run(few / "one.npy", "--reference", "few", "--samples", N, "--json", tmp_path / "j")
    assert "mode collapse: classes" in output
    assert "mode collapse: recall" in output
    found = json.loads((tmp_path / "j").read_text())
    assert found["metrics"]["score"]["value"] == pytest.approx(1.0)
    assert found["metrics"]["coverage"]["value"] < 0.01
    assert len(found["findings"]) == 2
    assert found["facts"]["n"] == N


def test_more_training_is_better(few):
    keras.utils.set_random_seed(1)
    fresh = ganzoo.VanillaGAN(seed=1)  # the network of gan_mnist
    fresh.fit(data.SOURCES["few"](), epochs=1, batch_size=128, verbose=0)
    real = metrics.oriented_gradients(data.SOURCES["few"]("test"))
    one, many = (
        metrics.oriented_gradients(gan.sample(N, seed=2))
        for gan in (fresh, ganzoo.load("gan_mnist"))
    )
    for distance in (metrics.frechet_distance, metrics.kernel_distance):
        early, late = distance(real, one), distance(real, many)
        assert early.value - late.value > 5 * np.hypot(early.error, late.error)
    coverage = [metrics.manifold_overlap(real, made)["coverage"].value for made in (one, many)]
    assert coverage[0] < 0.5 * coverage[1]


def test_a_model_its_seeds_and_its_card(few, tmp_path, monkeypatch):
    shutil.copytree(find.preset_folder("gan_mnist"), tmp_path / "gan_mnist")
    folder = tmp_path / "gan_mnist"
    (folder / "README.md").write_text("# old\n\n## Quality\n\nold\n\n## By hand\n\nKept.\n")
    options = ("--samples", N, "--reference", "few")
    output = run(folder, *options, "--card", "--json", tmp_path / "1.json")
    assert "Card written to" in output
    assert "seed 1, " in output
    run(folder, *options, "--seed", 2, "--json", tmp_path / "2.json")
    first, second = (json.loads((tmp_path / f"{s}.json").read_text())["metrics"] for s in (1, 2))
    for name, one in first.items():
        other = second[name]
        error = np.hypot(one["error"], other["error"])
        assert abs(one["value"] - other["value"]) < 5 * error + 1e-12, name
    card = (folder / "README.md").read_text()
    assert card.startswith("---\nlibrary_name: keras\nlicense: cc-by-sa-3.0\n")
    assert card.count("## Quality") == 1
    assert "## By hand\n\nKept." in card
    assert "old" not in card
    for row in output.splitlines()[1:5]:
        value = row.split("  ")[1:]
        assert next(text.strip() for text in value if text.strip()) in card


def test_requested_labels_are_counted(few, monkeypatch):
    images, labels = data.mnist("test", labels=True)
    rows = [np.flatnonzero(labels == digit)[:60] for digit in range(10)]
    in_turn = images[np.stack(rows, axis=1).ravel()]  # 0, 1, ..., 9, 0, 1, ...

    class Conditional:
        classes = tuple("0123456789")

        latent_dim = 2

        def check_memory(self, n):
            pass

        def condition(self, n, label=None):
            return np.eye(10, dtype=np.float32)[np.arange(n) % 10]

        def generate(self, latents, label, batch_size):
            return in_turn[: len(latents)]

    monkeypatch.setattr(find, "load", lambda name: Conditional())
    table = evaluation.evaluate("gan_mnist", reference="few", samples=600)
    row = table.rows["label"]
    assert row.estimate.value > 0.98
    assert row.floor.value == networks.load("digit_features").accuracy
    in_turn = np.roll(in_turn, 1, axis=0)
    table = evaluation.evaluate("gan_mnist", reference="few", samples=600)
    assert table["label"].value < 0.02


def test_head_is_yaml(few):
    yaml = pytest.importorskip("yaml")
    table = metrics.picture_table(data.SOURCES["few"]("test"), data.SOURCES["few"]())
    for name, entry in zoo.ENTRIES.items():
        card = cards.card(name, entry, table)
        head = yaml.safe_load(card.split("---\n")[1])
        assert head["library_name"] == "keras"
        assert head["license"] in HUB_LICENCES
        assert ("license_name" in head) == (head["license"] == "other")
        results = head["model-index"][0]["results"][0]
        assert [metric["type"] for metric in results["metrics"]] == list(table.rows)


@pytest.mark.parametrize(
    ("momentum", "said"),
    [
        (0.999, "momentum 0.999"),
        ({"from": 0.9, "to": 0.99, "over": 1e6}, "momentum from 0.9, to 0.99, over 1e+06"),
        (
            Schedule(0.0, 0.9, 10, "linear", after=20),
            "momentum from 0, to 0.9, over 10, shape linear, after 20",
        ),
    ],
)
def test_a_card_says_what_is_averaged_and_made(few, momentum, said):
    table = metrics.picture_table(data.SOURCES["few"]("test"), data.SOURCES["few"]())
    entry = zoo.ENTRIES["gan_mnist"]
    entry = dataclasses.replace(
        entry, recipe=dataclasses.replace(entry.recipe, ema_momentum=momentum)
    )
    card = cards.card("gan_mnist", entry, table)
    assert "The averaged networks: generator. What is shipped of them" in card
    assert said in card
    assert "images against as many of" in card


def test_a_folder_of_pictures(few, tmp_path):
    test = data.SOURCES["few"]("test")[:600]
    drawing = Drawing("digits", 600, 0, tmp_path / "pictures", "")
    write_folder(test, drawing, lambda what, done, total: None)
    output = run(tmp_path / "pictures", "--reference", "few", "--features", "gradients",
                 "--neighbours", tmp_path / "pairs.png")  # fmt: skip
    assert "600 examples against few, features: oriented gradients, seed 1" in output
    with Image.open(tmp_path / "pairs.png") as picture:
        assert picture.size == (2 * (8 * 30 - 2), 2 * (8 * 30 - 2))  # 64 digits, 8 x 8


def test_features_in_files(tmp_path):
    random = np.random.default_rng(0)
    np.save(tmp_path / "real.npy", random.standard_normal((800, 3)))
    np.save(tmp_path / "made.npy", random.standard_normal((800, 3)) * [1, 1, 3])
    output = run(tmp_path / "made.npy", "--reference", tmp_path / "real.npy")
    assert "Wasserstein-1, 2" in output
    table = evaluation.evaluate(tmp_path / "made.npy", reference=tmp_path / "real.npy")
    assert table.rows["wasserstein_1:2"].excess() > 5 > table.rows["wasserstein_1:0"].excess()
    np.save(tmp_path / "wide.npy", random.standard_normal((800, 4)))
    assert "must hold features of shape (n, 3)" in run(
        tmp_path / "wide.npy", "--reference", tmp_path / "real.npy", code=1
    )


def test_what_is_refused(few, tmp_path, monkeypatch):
    assert "Did you mean 'gan_mnist'" in run("gan_mnis", "--reference", "few", code=2)
    assert "Did you mean 'mnist'" in run(few / "one.npy", "--reference", "mnits", code=2)
    assert "name it with reference=" in run(few / "one.npy", code=2)
    assert "there are: gradients" in run(
        few / "one.npy", "--reference", "few", "--features", "gradient", code=2
    )
    assert "no such folder" in run("gan_mnist", "--json", tmp_path / "a" / "b.json", code=2)
    output = run(few / "one.npy", "--reference", "few", "--samples", 20, code=1)
    assert "are needed; got 20" in output
    shutil.copytree(find.preset_folder("gan_mnist"), tmp_path / "mine")
    with pytest.raises(PresetError, match="has no entry in the zoo"):
        cards.entry_of(find.resolve(tmp_path / "mine"))
    with pytest.raises(InvalidArgumentError):
        evaluation.evaluate(few / "one.npy", reference="few", samples=0)


def test_recipe_names_the_reference(tmp_path):
    def source(name):
        return pictures._source(subject_of(name), None)

    assert source("gan_mnist") == "mnist"
    folder = shutil.copytree(find.preset_folder("gan_mnist"), tmp_path / "preset")
    facts = dataclasses.asdict(zoo.ENTRIES["gan_mnist"].recipe)
    facts = {"name": "gan_mnist", **facts, "data": "fashion_mnist", "images": None}
    (tmp_path / "recipe.json").write_text(json.dumps(facts))
    for name in (folder, tmp_path):
        assert source(name) == "fashion_mnist"
        assert cards.entry_of(find.resolve(name))[0] == "gan_mnist"
    assert source(find.preset_folder("gan_mnist")) == "mnist"
    with pytest.raises(InvalidArgumentError, match="name it with reference="):
        source(tmp_path / "elsewhere.npy")
