"""The page's JavaScript in node: random numbers, latents, kinematics, resizing, colours."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ganzoo import lab, latent, plots
from ganzoo.events import panels, truth
from ganzoo.export.page.html import asset
from ganzoo.metrics.per_feature import two_sample_chi2
from ganzoo.random import draw_latents

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(
    NODE is None, reason="node is not installed, which runs the scripts"
)
SEEDS = [*range(40), 2**32 - 1, 2**32, 2**64 + 5, 2**96 + 7, 2**128 - 1, 2**128, 10**50]


def node(scripts: list[str], code: str, **given: Any) -> Any:
    """Return what an expression makes of the scripts and of `given`, as JSON."""
    text = "\n".join(asset(name) for name in scripts)
    program = f"const given = {json.dumps(given)};\n{text}\nconsole.log(JSON.stringify({code}));"
    assert NODE is not None
    done = subprocess.run([NODE, "-"], input=program, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_latents_are_numpys_number_by_number() -> None:
    n = 3000
    code = "given.seeds.map((seed) => [...drawLatents(given.n, 1, BigInt(seed))])"
    made = np.array(node(["random.js"], code, seeds=[str(s) for s in SEEDS], n=n), np.float32)
    wanted = np.stack([draw_latents(n, 1, seed)[:, 0] for seed in SEEDS])
    # Beyond the last layer NumPy takes a logarithm of the C library, which may differ in a bit.
    tail = np.abs(wanted) > 3.654152885361009
    assert tail.sum() > 10
    np.testing.assert_array_equal(made[~tail], wanted[~tail])
    np.testing.assert_array_max_ulp(made[tail], wanted[tail], 2)


def test_latents_between_others_are_those_of_python() -> None:
    four = draw_latents(4, 50, 3)
    code = """given.places.map(([across, down]) =>
      [...between(given.four.map((one) => Float32Array.from(one)), across, down)])"""
    places = [[x / 4, y / 4] for y in range(5) for x in range(5)]
    made = node(["latents.js"], code, four=four.tolist(), places=places)
    np.testing.assert_allclose(made, latent.corners(four, 5, 5), atol=1e-5)


def test_a_latent_moves_along_directions() -> None:
    start, vectors, steps = draw_latents(1, 5, 1)[0], draw_latents(2, 5, 2), [0.5, -2.0]
    code = "[...moved(Float32Array.from(given.start), given.vectors, given.steps)]"
    made = node(["latents.js"], code, start=start.tolist(), vectors=vectors.ravel().tolist(),
                steps=steps)  # fmt: skip
    np.testing.assert_allclose(made, start + steps @ vectors, atol=1e-6)


def test_quantities_and_counts_of_events_are_those_of_python() -> None:
    events = truth.sample()
    momenta = np.concatenate([events.momenta[:500], [[1.0, 0.5, 60.0], [0.1, -0.2, -30.0]]])
    names = list(panels.PANELS)
    wanted = panels.quantities(momenta, events.beams)
    edges = panels.bin_edges(panels.quantities(events.momenta, events.beams), 40)
    code = """(() => {
      const made = quantities(given.momenta, given.beams);
      const bins = given.names.map((name, i) =>
        [...counts(made[name], given.edges[i], made.Q2, given.least)]);
      return { made: given.names.map((name) => [...made[name]]), bins };
    })()"""
    given = {"momenta": momenta.ravel().tolist(), "beams": list(events.beams), "least": 3.0}
    bins = [edges[name].tolist() for name in names]
    made = node(["kinematics.js"], code, names=names, edges=bins, **given)
    kept = wanted["Q2"] >= 3.0
    assert 0 < kept.sum() < len(kept)
    for name, values, bins in zip(names, made["made"], made["bins"], strict=True):
        values = np.array(values, np.float64)  # JSON has null for NaN
        np.testing.assert_allclose(values, wanted[name], rtol=1e-9, atol=1e-12, err_msg=name)
        np.testing.assert_array_equal(bins, panels.counts(wanted[name][kept], edges[name]), name)


def test_chi2_of_two_histograms_is_that_of_python() -> None:
    random = np.random.default_rng(4)
    a, b = random.poisson(20, 30), random.poisson(50, 30)
    a[:2] = b[:2] = 0
    code = "twoSample(given.a, given.b, given.n, given.m)"
    n, m = int(a.sum()), int(b.sum())
    made = node(["histograms.js"], code, a=a.tolist(), b=b.tolist(), n=n, m=m)
    assert made == pytest.approx(two_sample_chi2(a, b))


@pytest.mark.parametrize("sizes", [((37, 90), (16, 24)), ((8, 8), (21, 40)), ((20, 9), (20, 30))])
def test_resizing_is_pillows(sizes: tuple[Any, Any]) -> None:
    (h, w), (to_h, to_w) = sizes
    picture = np.random.default_rng(5).random((h, w), dtype=np.float32)
    code = "[...resizedPicture(Float32Array.from(given.data), given.size, given.wanted)]"
    made = node(["resizing.js"], code, data=picture.ravel().tolist(), size=[h, w],
                wanted=[to_h, to_w])  # fmt: skip
    wanted = Image.fromarray(picture).resize((to_w, to_h), Image.Resampling.BILINEAR)
    np.testing.assert_allclose(np.reshape(made, (to_h, to_w)), np.asarray(wanted), atol=2e-6)


def test_lightness_and_colours_are_those_of_python() -> None:
    random = np.random.default_rng(6)
    pixels = random.integers(0, 256, (12, 15, 4), np.uint8)
    colours = random.uniform(-0.9, 0.9, (12, 15, 2)).astype(np.float32)  # many that sRGB has not
    code = """(() => {
      const light = lightnessOf(given.pixels), made = new Uint8ClampedArray(given.pixels.length);
      writeJoined(made, light, given.a, given.b, 0, light.length);
      return { light: [...light], made: [...made] };
    })()"""
    made = node(["pictures.js", "lab.js"], code, pixels=pixels.ravel().tolist(),
                a=colours[..., 0].ravel().tolist(), b=colours[..., 1].ravel().tolist())  # fmt: skip
    light = lab.lightness(plots.from_uint8(pixels[..., :3]))
    np.testing.assert_allclose(made["light"], light.ravel(), atol=1e-6)
    wanted = plots.to_uint8(lab.join(light, colours)).astype(int)
    shown = np.reshape(made["made"], (12, 15, 4))
    assert (shown[..., 3] == 255).all()
    assert np.abs(shown[..., :3] - wanted).max() <= 1
    assert (shown[..., :3] != wanted).mean() < 0.01


def test_bytes_of_pictures_are_those_of_python() -> None:
    values = np.concatenate([np.arange(256) / 127.5 - 1, np.linspace(-1.1, 1.1, 4001)])
    values = values.astype(np.float32)
    made = node(["pictures.js"], "given.values.map((x) => byteOf(Math.fround(x)))",
                values=values.tolist())  # fmt: skip
    np.testing.assert_array_equal(made, plots.to_uint8(values))
