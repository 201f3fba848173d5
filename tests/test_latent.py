"""Paths and grids in the latent space, which need no backend, and `ganzoo explore`."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from ganzoo import latent, zoo
from ganzoo.cli import main
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.presets import find
from ganzoo.zoo import registry


def run(*arguments: object) -> tuple[int, str]:
    """Run the command line; return its exit code and what it printed."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_no_backend_is_imported():
    code = "import sys, ganzoo.latent; print([m for m in ('keras', 'torch') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_sweep_has_the_lectures_moments():
    made = latent.sweep(20_000, 5, means=-3.0, deviations=2.0, seed=1)
    t = np.linspace(-1, 1, 5)
    assert np.allclose(made.mean(axis=0), -3.0 * t, atol=0.06)
    assert np.allclose(made.std(axis=0), 2.0 * np.abs(t), atol=0.04)
    assert made.dtype == np.float32
    assert np.array_equal(made, latent.sweep(20_000, 5, -3.0, 2.0, seed=1))


def test_a_straight_line():
    start, end = latent.draw(2, 50, seed=0)
    path = latent.linear(start, end, 5)
    assert np.array_equal(path[[0, -1]], np.stack([start, end]))
    assert np.allclose(path[2], (start + end) / 2, atol=1e-6)
    assert np.linalg.norm(path[2]) < 0.8 * np.linalg.norm(start)


def test_an_arc_turns_evenly_and_keeps_its_length():
    start, end = latent.draw(2, 50, seed=0)
    end = end / np.linalg.norm(end) * np.linalg.norm(start)
    path = latent.spherical(start, end, 7).astype(float)
    assert np.allclose(path[[0, -1]], np.stack([start, end]), atol=1e-6)
    unit = path / np.linalg.norm(path, axis=1, keepdims=True)
    angles = np.arccos((unit[:-1] * unit[1:]).sum(axis=1))
    assert np.allclose(angles, angles[0], rtol=1e-4)
    assert np.allclose(np.linalg.norm(path, axis=1), np.linalg.norm(start), rtol=1e-5)


def test_a_plane_has_equal_steps_of_probability():
    made = latent.plane(3, 4)
    assert made.shape == (12, 2)
    assert made.dtype == np.float32
    assert np.allclose(made[:4, 0], [-1.15035, -0.31864, 0.31864, 1.15035], atol=1e-5)
    assert np.allclose(made[::4, 1], [0.96742, 0.0, -0.96742], atol=1e-5)  # from the top down
    with pytest.raises(InvalidArgumentError, match="rows"):
        latent.plane(0, 4)


@pytest.mark.parametrize("factor", [1.0, 2.0, -1.0, 0.0])
def test_an_arc_between_parallel_latents_is_finite(factor):
    start = latent.draw(1, 8, seed=0)[0]
    path = latent.spherical(start, factor * start, 5)
    assert np.allclose(path[[0, -1]], np.stack([start, factor * start]), atol=1e-6)
    assert np.isfinite(path).all()


def test_corners_are_where_they_belong():
    four = latent.draw(4, 8, seed=0)
    made = latent.corners(four, 3, 5).reshape(3, 5, 8)
    assert np.allclose(made[[0, 0, -1, -1], [0, -1, 0, -1]], four, atol=1e-6)
    assert np.allclose(made[0], latent.spherical(four[0], four[1], 5), atol=1e-6)
    with pytest.raises(InvalidArgumentError, match=r"got \(3, 8\)"):
        latent.corners(four[:3], 3, 5)


def test_a_walk_passes_its_stops_and_closes():
    stops = latent.draw(3, 8, seed=0)
    closed = latent.walk(stops, 4)
    assert closed.shape == (12, 8)
    assert np.allclose(closed[::4], stops, atol=1e-6)
    steps = np.linalg.norm(np.diff(np.concatenate([closed, closed[:1]]), axis=0), axis=1)
    assert steps.max() < 3 * steps.min()
    assert np.allclose(latent.walk(stops, 4, closed=False), [*closed[:8], stops[2]], atol=1e-6)
    with pytest.raises(InvalidArgumentError, match="two stops or more"):
        latent.walk(stops[:1], 4)


def test_truncation_draws_again():
    made = latent.truncated(3000, 4, limit=0.5, seed=1)
    assert np.abs(made).max() <= 0.5
    assert np.mean(np.abs(made) > 0.49) < 0.1  # not clipped
    assert np.array_equal(latent.truncated(9, 4, 100.0, seed=1), latent.draw(9, 4, seed=1))
    with pytest.raises(InvalidArgumentError, match=r"from 0.05"):
        latent.truncated(3, 4, limit=0.0)


def test_along():
    start, direction = latent.draw(2, 6, seed=0)
    made = latent.along(start, direction, 2.0, 5)
    assert np.allclose(made[[0, 2, 4]], [start - 2 * direction, start, start + 2 * direction])
    with pytest.raises(InvalidArgumentError, match="Two latents"):
        latent.along(start, direction[:3], 2.0, 5)


# --- the command -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def preset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("latent") / "preset"
    gan = registry.model_class("ConditionalDCGAN")(**zoo.FAMILIES["ConditionalDCGAN"].tiny)
    gan.save_to_preset(folder)
    return folder


def test_explore(preset, tmp_path):
    shape = find.load(preset).data_shape
    picture = tmp_path / "mine.png"
    Image.fromarray(np.full((30, 20), 128, np.uint8)).save(picture)
    code, printed = run("explore", preset, "-o", tmp_path / "all", "--find", picture,
                        "--columns", 3, "--steps", 2, "--label", "two", "--scale", 1)  # fmt: skip
    assert code == 0, printed
    made = {path.name for path in (tmp_path / "all").iterdir()}
    assert len([name for name in made if name.startswith("sweep_")]) == 5
    assert {"linear.png", "spherical.png", "corners.png", "truncation.png", "directions.png",
            "walk.gif", "found.png", "latents.npz"} <= made  # fmt: skip
    assert "plane.png" not in made  # its latents have four numbers
    with Image.open(tmp_path / "all" / "corners.png") as drawn:
        assert drawn.size == (3 * shape[1] + 4, 3 * shape[0] + 4)
    with Image.open(tmp_path / "all" / "walk.gif") as film:
        assert film.n_frames > 60
    with np.load(tmp_path / "all" / "latents.npz") as arrays:
        assert arrays["found"].shape == (1, find.load(preset).latent_dim)
        assert arrays["found_errors"][0] > 0
    code, printed = run("explore", preset, "-o", tmp_path / "all")
    assert code == 1
    assert "--overwrite" in printed
    code, printed = run("explore", preset, "-o", tmp_path / "no", "--only", "plane")
    assert code == 2
    assert "A plane is of latents of 2 numbers; this GAN's have 4." in printed


def test_a_walk_of_all_colours(preset, tmp_path):
    code, printed = run("explore", preset, "-o", tmp_path / "walk", "--only", "walk", "--film",
                        "apng")  # fmt: skip
    assert code == 0, printed
    with Image.open(tmp_path / "walk" / "walk.apng") as film:
        assert (film.format, film.n_frames) == ("PNG", 120)


def test_the_plane_of_two_latents(tmp_path):
    tiny = {**zoo.FAMILIES["VanillaGAN"].tiny, "latent_dim": 2}
    registry.model_class("VanillaGAN")(**tiny).save_to_preset(tmp_path / "flat")
    code, printed = run("explore", tmp_path / "flat", "-o", tmp_path / "plane", "--only", "plane",
                        "--scale", 1)  # fmt: skip
    assert code == 0, printed
    with np.load(tmp_path / "plane" / "latents.npz") as arrays:
        assert np.array_equal(arrays["plane"], latent.plane(20, 20))
    with Image.open(tmp_path / "plane" / "plane.png") as drawn:
        assert drawn.size == (20 * 8 + 19 * 2, 20 * 8 + 19 * 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["dcgan_mnst"], "Did you mean 'dcgan_mnist'"),
        (["fatgan_electrons"], "draws events"),
        (["PRESET", "--only", "mixing"], "Only style-based models mix styles"),
        (["PRESET", "--only", "found"], "--find PATH"),
        (["PRESET", "--label", "four", "--only", "corners"], "accepted: one, two, three"),
        (["PRESET", "--only", "corner"], "'corners'"),
        (["PRESET", "--only", "walk", "--find", "mine/"], "--find mine is for the picture found"),
        (["PRESET", "--only", "walk", "--steps", "7"], "--steps is of the search"),
    ],
)
def test_explore_refuses_in_one_line(preset, tmp_path, arguments, said):
    arguments = [preset if argument == "PRESET" else argument for argument in arguments]
    code, printed = run("explore", *arguments, "-o", tmp_path / "none")
    assert code in (1, 2)
    assert said in printed
    assert "Traceback" not in printed


def test_what_each_code_does(preset, tmp_path):
    gan = registry.model_class("InfoGAN")(**zoo.FAMILIES["InfoGAN"].tiny, seed=3)
    gan.save_to_preset(tmp_path / "coded")
    code, printed = run("explore", tmp_path / "coded", "-o", tmp_path / "all", "--only", "codes",
                        "--columns", 4, "--scale", 1)  # fmt: skip
    assert code == 0, printed
    kinds, side = len(gan.classes), gan.data_shape[0]
    names = [f"codes_{index + 1}" for index in range(gan.continuous)]
    with np.load(tmp_path / "all" / "latents.npz") as arrays:
        assert sorted(arrays.files) == [*names, "codes_kinds"]
        swept, kept = arrays[names[-1]], arrays["codes_kinds"]
    assert np.allclose(swept[:4, gan.continuous - 1], [-2, -2 / 3, 2 / 3, 2])
    assert np.ptp(np.delete(swept, gan.continuous - 1, axis=1), axis=0).max() == 0
    with Image.open(tmp_path / "all" / f"{names[-1]}.png") as drawn:
        pixels = np.asarray(drawn.convert("L")).astype(int)
    assert pixels.shape == (kinds * (side + 2) - 2, 4 * (side + 2) - 2)
    one = gan.generate(swept[:1], label=1)[0, ..., 0]  # the second row begins with the second code
    assert np.abs(pixels[side + 2 : 2 * side + 2, :side] - (one + 1) * 127.5).max() <= 1.0
    assert np.array_equal(kept[:kinds], np.repeat(kept[:1], kinds, axis=0))
    code, printed = run("explore", preset, "-o", tmp_path / "none", "--only", "codes")
    assert code != 0
    assert "Only InfoGAN has codes of its own; " in printed


@pytest.fixture(scope="module")
def styled(tmp_path_factory):
    """A preset of a small StyleGAN2 of three levels."""
    tiny = {**zoo.FAMILIES["StyleGAN2"].tiny, "filters": (6, 5, 4)}
    folder = tmp_path_factory.mktemp("styled") / "preset"
    registry.model_class("StyleGAN2")(**tiny, seed=3).save_to_preset(folder)
    return folder


def test_styles_are_mixed_and_truncated(styled, tmp_path):
    code, printed = run("explore", styled, "-o", tmp_path / "all", "--only", "mixing",
                        "--only", "truncation", "--columns", 4, "--scale", 1)  # fmt: skip
    assert code == 0, printed
    made = sorted(path.name for path in (tmp_path / "all").iterdir())
    assert made == ["latents.npz", "mixing_1.png", "mixing_2.png", "truncation.png"]
    with Image.open(tmp_path / "all" / "mixing_1.png") as drawn:
        pixels = np.asarray(drawn.convert("RGB")).astype(int)
    assert pixels.shape == (7 * 10 - 2, 4 * 10 - 2, 3)  # two pixels between pictures
    gan = find.load(styled)
    with np.load(tmp_path / "all" / "latents.npz") as arrays:
        rows, columns = gan.styles(arrays["mixing_rows"]), gan.styles(arrays["mixing_columns"])
    one = gan.synthesize(np.concatenate([rows[2:3], columns[1:2], columns[1:2]])[None])[0]
    drawn_one = pixels[30:38, 20:28]
    assert np.abs(drawn_one - (one + 1) * 127.5).max() <= 1.0


def test_samples_of_truncated_styles(styled, preset, tmp_path):
    code, printed = run("sample", styled, "-n", 5, "--seed", 1, "--truncation", 0.0,
                        "-o", tmp_path / "mean.npy")  # fmt: skip
    assert code == 0, printed
    for wrong in (float("nan"), -1, None, "a"):
        with pytest.raises(InvalidArgumentError, match="truncation must be a number from 0 to 2"):
            find.load(styled).sample(2, seed=1, truncation=wrong)
    mean = np.load(tmp_path / "mean.npy")
    assert np.allclose(mean, mean[:1], atol=1e-5)
    code, printed = run("sample", styled, "-n", 5, "--seed", 1, "--truncation", 1.0,
                        "-o", tmp_path / "own.npy")  # fmt: skip
    assert np.allclose(np.load(tmp_path / "own.npy"), find.load(styled).sample(5, 1), atol=1e-6)
    code, printed = run("sample", preset, "--truncation", 0.5, "-o", tmp_path / "no.npy")
    assert code == 2
    assert "--truncation is for style-based models (such as stylegan2_cartoons)" in printed


def test_the_help_names_every_picture():
    from ganzoo.cli import explore as command
    from ganzoo.latent.explorer import PICTURES

    assert tuple(PICTURES) == command.NAMES
    _, printed = run("explore", "--help")
    assert all(f"\n  {name}  " in printed for name in PICTURES)


def test_inversion_refuses_other_shapes(preset):
    gan = find.load(preset)
    with pytest.raises(DataError, match="makes pictures of shape"):
        latent.invert(gan, np.zeros((2, 5, 5, 1), np.float32))
    with pytest.raises(DataError, match=r"in \[-1, 1\]"):
        latent.invert(gan, np.full((1, *gan.data_shape), 9.0, np.float32))
