"""A page in a real Chromium without a network: its pictures, its controls, its looks.

The pictures are held to the same file of ONNX in Python, and to the model of Keras.
"""

from __future__ import annotations

import base64
import functools
import gzip
import http.server
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ganzoo
from ganzoo.errors import OutputError
from ganzoo.events import panels, truth
from ganzoo.export import page
from ganzoo.export.page import contents, runtime
from ganzoo.random import draw_latents
from tests.contract.support import build
from tests.export.browser import Browser, found
from tests.export.runtime import runtime_files

pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
pytestmark = pytest.mark.skipif(found() is None, reason="Chromium is not installed")

NAMES = ("cdcgan_mnist", "dcgan_mnist", "pix2pix_emoji", "zi2zi_fonts", "colorize_flowers",
         "fatgan_electrons")  # fmt: skip
GREY = 127.5  # levels of grey for 1 of a picture's numbers
SAME_FILE, SAME_MODEL = 1e-2, 1.0  # in levels of 0..255


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One page with a model of each kind, the unpaired one untrained."""
    folder = runtime_files()
    made = tmp_path_factory.mktemp("page")
    build("CycleGAN").save_to_preset(made / "pairless")
    build("SRGAN").save_to_preset(made / "larger")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contents, "POINTS", 2)  # directions are not what is tested here
        models = [*NAMES, str(made / "pairless"), str(made / "larger")]
        page.write(models, made / "page.html", folder=folder)
    return made


@pytest.fixture(scope="module")
def opened(files: Path) -> Iterator[Browser]:
    """The page, opened once."""
    with Browser() as browser:
        browser.open(files / "page.html")
        yield browser


def show(browser: Browser, name: str) -> None:
    """Choose the tab of a model and wait for its first picture."""
    index = browser.run(f"Object.keys(ganzoo.models).indexOf({json.dumps(name)})")
    browser.run(f"ganzoo.show({index}).then(() => 1)")
    assert browser.run("document.getElementById('state').textContent") == "Ready"


def array(browser: Browser, code: str, *given: Any) -> np.ndarray:
    """Return the {data, dims} that a promise gives, called with arrays as flat lists."""
    arguments = ", ".join(
        f"Float32Array.from({json.dumps(one.ravel().tolist())})"
        if isinstance(one, np.ndarray)
        else json.dumps(one)
        for one in given
    )
    made = browser.run(
        f"(async () => {{ const made = await ({code})({arguments}); "
        "return [Array.from(made.data), made.dims]; })()"
    )
    return np.array(made[0], np.float32).reshape(made[1])


def network(files: Path, name: str, index: int = 0) -> Any:
    """Return the same file of ONNX that the page has, in Python's onnxruntime."""
    text = (files / "page.html").read_text(encoding="utf-8")
    facts = json.loads(re.search(r'id="content">(.*?)</script>', text)[1])
    (model,) = [each for each in facts["models"] if each["name"] == name]
    part = model["networks"][index]["part"]
    packed = re.search(rf'id="part-{part}">([^<]*)<', text)[1]
    return onnxruntime.InferenceSession(gzip.decompress(base64.b64decode(packed)))


def same(made: np.ndarray, by_file: np.ndarray, by_model: np.ndarray) -> None:
    assert made.shape == by_file.shape == by_model.shape
    assert GREY * np.abs(made - by_file).max() < SAME_FILE
    assert GREY * np.abs(made - by_model).max() < SAME_MODEL


@pytest.mark.parametrize("name", ["dcgan_mnist", "cdcgan_mnist"])
def test_a_seed_draws_the_pictures_of_python(name: str, files: Path, opened: Browser) -> None:
    show(opened, name)
    made = array(opened, f"ganzoo.models.{name}.sample", "7", 64)
    model = ganzoo.load(name)
    inputs = {"latents": draw_latents(64, model.latent_dim, 7)}
    if name == "cdcgan_mnist":
        inputs["condition"] = model.condition(64)
    (by_file,) = network(files, name).run(None, inputs)
    same(made, by_file, model.sample(64, seed=7))


def test_pictures_become_those_of_python(files: Path, opened: Browser) -> None:
    show(opened, "pix2pix_emoji")
    sources = np.tanh(draw_latents(2, 64 * 64, 3)).reshape(2, 64, 64, 1)
    made = array(opened, "ganzoo.models.pix2pix_emoji.translate", sources)
    (by_file,) = network(files, "pix2pix_emoji").run(None, {"source": sources})
    same(made, by_file, ganzoo.load("pix2pix_emoji").translate(sources))


def test_both_directions_without_pairs(files: Path, opened: Browser) -> None:
    show(opened, "pairless")
    model = ganzoo.load(files / "pairless")
    for index, way in enumerate(("ab", "ba")):
        shape = model.shape_of(way[0])
        sources = np.tanh(draw_latents(2, int(np.prod(shape)), 4)).reshape(2, *shape)
        made = array(opened, "ganzoo.models.pairless.translate", sources, index)
        (by_file,) = network(files, "pairless", index).run(None, {way[0]: sources})
        same(made, by_file, model.translate(sources, way))


def test_every_style_is_that_of_python(files: Path, opened: Browser) -> None:
    show(opened, "zi2zi_fonts")
    assert opened.run("document.querySelectorAll('.styles canvas').length") == 16
    source = np.tanh(draw_latents(1, 48 * 48, 5)).reshape(1, 48, 48, 1)
    made = array(opened, "ganzoo.models.zi2zi_fonts.translate", source, [0, 3, 15])
    model = ganzoo.load("zi2zi_fonts")
    given = {"source": source.repeat(3, 0), "condition": np.eye(16, dtype="f4")[[0, 3, 15]]}
    (by_file,) = network(files, "zi2zi_fonts").run(None, given)
    same(made, by_file, model.translate(given["source"], given["condition"]))


def test_a_picture_of_any_size_is_coloured_as_in_python(opened: Browser) -> None:
    show(opened, "colorize_flowers")
    y, x = np.mgrid[0:90, 0:131]
    waves = [np.sin(x / 9), np.cos(y / 13), np.sin((x + y) / 20)]
    pixels = np.stack([*(127 + 120 * wave for wave in waves), 255 + 0 * x], -1).astype(np.uint8)
    made = opened.run(
        f"ganzoo.models.colorize_flowers.colorize({pixels.ravel().tolist()}, [90, 131])"
        ".then(({result}) => Array.from(result.data))"
    )
    shown = np.reshape(made, (90, 131, 4))[..., :3]
    picture = ganzoo.plots.from_uint8(pixels[None, ..., :3])
    wanted = ganzoo.plots.to_uint8(ganzoo.load("colorize_flowers").colorize(picture)[0])
    difference = np.abs(shown - wanted.astype(int))
    assert difference.max() <= 3  # float16 weights, then a colour beyond sRGB's edge
    assert difference.mean() < 0.2


def test_a_picture_of_any_size_is_enlarged_as_in_python(files: Path, opened: Browser) -> None:
    """One smaller than a tile, one of several tiles: without seams, those of `translate`."""
    show(opened, "larger")
    model = ganzoo.load(files / "larger")
    cuts = opened.run("ganzoo.models.larger.content.cuts")
    assert cuts["tile"] < 90
    for height, width in ((20, 33), (90, 151)):
        picture = np.tanh(draw_latents(1, height * width * 3, 6)).reshape(1, height, width, 3)
        made = array(opened, "ganzoo.models.larger.enlarge", picture, [height, width])
        wanted = model.translate(picture)
        assert made.shape == wanted.shape == (1, 2 * height, 2 * width, 3)
        assert GREY * np.abs(made - wanted).max() < SAME_MODEL
        if height == 20:
            (by_file,) = network(files, "larger").run(None, {"source": picture})
            assert GREY * np.abs(made - by_file.clip(-1, 1)).max() < SAME_FILE


def test_a_file_is_enlarged_on_the_page(opened: Browser) -> None:
    show(opened, "larger")
    opened.run(
        "(async () => { const canvas = new OffscreenCanvas(31, 17);"
        "canvas.getContext('2d').fillRect(3, 4, 9, 8);"
        "await ganzoo.models.larger.show(await createImageBitmap(canvas), 'mine.png'); })()"
    )
    sizes = "[...document.querySelectorAll('#panel-7 canvas')].map((c) => [c.width, c.height])"
    assert opened.run(sizes) == [[62, 34], [62, 34]]
    assert "31x17 pixels, now 62x34" in opened.run(
        "document.querySelector('#panel-7 .words').textContent"
    )


def test_events_of_a_seed_are_those_of_python(files: Path, opened: Browser) -> None:
    show(opened, "fatgan_electrons")
    made = array(opened, "ganzoo.models.fatgan_electrons.events", "11", 2000)
    latents = draw_latents(2000, ganzoo.load("fatgan_electrons").latent_dim, 11)
    (by_file,) = network(files, "fatgan_electrons").run(None, {"latents": latents})
    np.testing.assert_allclose(made, by_file, rtol=2e-5, atol=2e-5)  # GeV
    events = truth.sample()
    values = panels.quantities(events.momenta, events.beams)
    edges = panels.bin_edges(values, 40)
    shown = opened.run(
        "ganzoo.models.fatgan_electrons.histograms().map((bins) => Array.from(bins))"
    )
    for name, bins in zip(panels.PANELS, shown, strict=True):
        np.testing.assert_array_equal(bins, panels.counts(values[name], edges[name]), name)


# --- a person's hands ----------------------------------------------------------------------------


def pixels_of(browser: Browser, place: str) -> str:
    """Return what the first canvas of the open panel shows that a selector finds."""
    return str(browser.run(f"document.querySelector('.panel:not([hidden]) {place}').toDataURL()"))


def settled(browser: Browser, place: str, before: str) -> str:
    """Return what a canvas shows once that differs from what it was before."""
    for _ in range(100):
        now = pixels_of(browser, place)
        if now != before:
            return now
        browser.run("new Promise((done) => setTimeout(done, 100))")
    raise AssertionError("the picture stays as it is")


def box(browser: Browser, place: str) -> list[float]:
    """Return left, top, width and height of an element, brought into sight."""
    return browser.run(
        f"""(() => {{ const e = document.querySelector('.panel:not([hidden]) {place}');
        e.scrollIntoView({{block: 'center'}}); const b = e.getBoundingClientRect();
        return [b.left, b.top, b.width, b.height]; }})()"""
    )


def test_the_picture_follows_what_is_drawn_and_undone(opened: Browser) -> None:
    show(opened, "pix2pix_emoji")
    before = pixels_of(opened, ".picture.large")
    left, top, width, height = box(opened, "canvas.paper")
    places = [(0.15, 0.15), (0.3, 0.5), (0.8, 0.9)]
    opened.drag(*((left + a * width, top + b * height) for a, b in places))
    after = settled(opened, ".picture.large", before)
    opened.run(
        "[...document.querySelectorAll('.panel:not([hidden]) button')]"
        ".find((b) => b.textContent === 'Undo').click()"
    )
    assert settled(opened, ".picture.large", after) == before


def test_keys_choose_a_picture_and_move_sliders(opened: Browser) -> None:
    show(opened, "dcgan_mnist")
    before = pixels_of(opened, ".picture.large")
    opened.run("document.querySelector('.panel:not([hidden]) canvas.grid').focus()")
    opened.key("ArrowDown")
    after = settled(opened, ".picture.large", before)
    assert "Picture 9 of 64" in opened.run(
        "document.querySelector('.panel:not([hidden]) canvas.grid').getAttribute('aria-valuetext')"
    )
    opened.run("document.querySelector('.panel:not([hidden]) input[type=range]').focus()")
    for _ in range(8):
        opened.key("ArrowRight")
    settled(opened, ".picture.large", after)


def test_tabs_answer_to_arrow_keys(opened: Browser) -> None:
    show(opened, "cdcgan_mnist")
    opened.run("document.querySelector('[role=tab][aria-selected=true]').focus()")
    opened.key("ArrowRight")
    chosen = "document.querySelector('[role=tab][aria-selected=true]').textContent"
    assert opened.run(chosen) == "dcgan_mnist"
    assert opened.run("document.activeElement.textContent") == "dcgan_mnist"


def test_a_wrong_seed_is_said_and_draws_nothing(opened: Browser) -> None:
    show(opened, "dcgan_mnist")
    code = """(async (text) => {
      const input = document.querySelector('.panel:not([hidden]) input[type=text]');
      input.value = text; input.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((done) => setTimeout(done, 50));
      return [input.getAttribute('aria-invalid'), document.getElementById('state').textContent];
    })"""
    assert opened.run(f"{code}('-1')") == ["true", "A seed is a whole number from 0."]
    assert opened.run(f"{code}('5')")[0] == "false"


@pytest.mark.parametrize("width", [360, 1200])
def test_nothing_is_wider_than_the_window(width: int, opened: Browser) -> None:
    opened.resize(width, 800)
    try:
        for name in (*NAMES, "pairless"):
            show(opened, name)
            wide = opened.run(
                "[...document.querySelectorAll('body *')].filter((e) => e.offsetParent && "
                "e.getBoundingClientRect().right > innerWidth + 1)"
                ".map((e) => e.outerHTML.slice(0, 90))"
            )
            assert wide == []
            assert opened.run("document.documentElement.scrollWidth") == width
    finally:
        opened.resize(*opened.size)


def test_everything_that_can_be_used_has_a_name(opened: Browser) -> None:
    opened.send("Accessibility.enable")
    for name in (*NAMES, "pairless"):
        show(opened, name)
        tree = opened.send("Accessibility.getFullAXTree")["nodes"]
        roles = ("button", "slider", "textbox", "combobox", "checkbox", "radio", "tab", "image")
        shown = [node for node in tree if node.get("role", {}).get("value") in roles]
        assert len(shown) > 5
        for node in shown:
            assert node.get("name", {}).get("value"), node


def test_no_problem_is_said_and_nothing_asked_for(opened: Browser) -> None:
    for name in (*NAMES, "pairless"):
        show(opened, name)
    assert opened.problems == []
    assert opened.requests == []
    blocked = "fetch('https://example.invalid/').then(() => 'fetched', () => 'refused')"
    assert opened.run(blocked) == "refused"
    assert any("Content Security Policy" in problem for problem in opened.problems)
    opened.problems.clear()


def test_a_page_that_loads_its_runtime_checks_it(files: Path) -> None:
    page.write(["fatgan_electrons"], files / "cdn.html", cdn=True)
    assert (files / "cdn.html").stat().st_size < 500_000
    content = {
        f"{runtime.RUNTIME.address}/{file.name}": (runtime_files() / file.name).read_bytes()
        for file in runtime.RUNTIME.files
    }
    with Browser() as browser:
        browser.answer(content)
        browser.open(files / "cdn.html")
        show(browser, "fatgan_electrons")
        assert browser.problems == []
        assert sorted(browser.requests) == sorted(content)
    first, second = content
    with Browser() as browser:
        browser.answer({first: content[first] + b"\n", second: content[second]})
        browser.open(files / "cdn.html")
        with pytest.raises(RuntimeError, match="Failed to fetch"):
            browser.run("ganzoo.models.fatgan_electrons.ready.then(() => 1)")
        assert any("integrity" in problem for problem in browser.problems)


@pytest.mark.slow
@pytest.mark.parametrize("served", [False, True], ids=["by a double click", "from a server"])
def test_pages_of_a_folder_share_one_runtime(served: bool, tmp_path: Path) -> None:
    folder = runtime_files()
    made = [
        page.write([name], tmp_path / f"{name}.html", shared=True, folder=folder)
        for name in ("fatgan_electrons", "fatgan_electrons_fast")
    ]
    script = tmp_path / runtime.SHARED
    assert {path.name for path in tmp_path.iterdir()} == {
        *(one.path.name for one in made),
        script.name,
    }
    assert "MIT" in script.read_text()[:2000]
    with serving(tmp_path) as address, Browser(offline=not served) as browser:
        for one in made:
            where = f"{address}/{one.path.name}" if served else one.path.resolve().as_uri()
            browser.go(where)
            show(browser, one.path.stem)
        assert browser.problems == []
        assert {*browser.requests} == {where.replace(one.path.name, script.name)}


def test_a_page_says_which_file_must_lie_beside_it(tmp_path: Path) -> None:
    page.write(["fatgan_electrons"], tmp_path / "page.html", shared=True, folder=runtime_files())
    script = tmp_path / runtime.SHARED
    script.write_text("mine")
    with pytest.raises(OutputError, match="is not the runtime"):
        page.write(["fatgan_electrons_fast"], tmp_path / "other.html", shared=True,
                   folder=runtime_files())  # fmt: skip
    assert script.read_text() == "mine"
    assert not (tmp_path / "other.html").exists()
    script.unlink()
    with Browser() as browser:
        browser.open(tmp_path / "page.html")
        with pytest.raises(RuntimeError, match=f"{runtime.SHARED} must lie beside"):
            browser.run("ganzoo.models.fatgan_electrons.ready.then(() => 1)")


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine alone; yield its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
