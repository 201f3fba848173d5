"""`ganzoo page`: what it refuses, where its runtime comes from, what its file holds."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import ganzoo
from ganzoo import tasks
from ganzoo.cli import main
from ganzoo.errors import DownloadError, IntegrityError, InvalidArgumentError, OfflineError
from ganzoo.export import page
from ganzoo.export.page import contents, controls, html, runtime
from ganzoo.export.page.building import resolved
from ganzoo.store import assets
from ganzoo.zoo.forms import File
from tests.contract.support import build as small
from tests.faults.fault_server import FaultServer

pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

CONTENT = {"a.mjs": b"export const a = 1;\n", "b.wasm": bytes(range(256)) * 40}


def command(*arguments: Any) -> Any:
    return CliRunner().invoke(main, ["page", *map(str, arguments)])


def refused(*arguments: Any) -> str:
    """Run the command, which must refuse in one line; return the line."""
    result = command(*arguments)
    assert result.exit_code != 0
    (line,) = result.output.splitlines()
    assert line.startswith("Error: ")
    return str(line)


def tiny_assets(address: str) -> assets.Assets:
    files = tuple(
        File(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in CONTENT.items()
    )
    return assets.Assets("tiny-1.0", files, address, "GANZOO_RUNTIME_URL", "--runtime FOLDER")


# --- refused -------------------------------------------------------------------------------------


def test_a_task_without_a_page_is_refused_with_those_that_have_one(tmp_path: Path) -> None:
    line = refused("dcgan_mnist", "bigan_mnist", "-o", tmp_path / "page.html")
    assert "`ganzoo page` is for" in line
    for kind in ("unconditional models", "translators", "coloured pictures", "events"):
        assert kind in line
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["dcgan_mnistt"], "Did you mean 'dcgan_mnist'"),
        (["dcgan_mnist", "-o", "page.png"], "must be .html"),
        (["dcgan_mnist", "dcgan_mnist", "-o", "page.html", "--cdn"], "got dcgan_mnist twice"),
        (["dcgan_mnist", "--cdn", "--runtime", "x"], "--cdn embeds none"),
        (["dcgan_mnist", "--cdn", "--shared"], "--cdn or is --shared"),
        (["dcgan_mnist", "-o", "page.html", "--runtime", "nowhere"], "nowhere/ort.wasm"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert words in refused(*arguments)
    assert not any(tmp_path.iterdir())


def test_a_page_is_replaced_only_if_asked(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("mine")
    assert "--overwrite" in refused("dcgan_mnist", "-o", tmp_path / "page.html", "--cdn")
    assert (tmp_path / "page.html").read_text() == "mine"


def test_too_many_models_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="1 to 12 models; got 0"):
        resolved([])


# --- the runtime ---------------------------------------------------------------------------------


def test_the_runtime_is_fetched_once_and_held_to_its_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path))
    monkeypatch.delenv("GANZOO_OFFLINE", raising=False)
    told: list[Any] = []
    with FaultServer() as server:
        server.files = {f"/dist/{name}": content for name, content in CONTENT.items()}
        monkeypatch.setenv("GANZOO_RUNTIME_URL", f"{server.url}/dist")
        wanted = tiny_assets("https://example.invalid")
        folder = assets.in_cache(wanted, lambda *facts: told.append(facts))
        assert {path.name: path.read_bytes() for path in folder.glob("[ab].*")} == CONTENT
        assert told[-1] == ("tiny-1.0", "b.wasm", 10_240, 10_240)
        assert assets.in_cache(wanted) == folder
        assert sum(server.requests.values()) == len(CONTENT)
        (folder / "b.wasm").write_bytes(b"damaged")  # is fetched again, alone
        assert assets.in_cache(wanted) == folder
        assert server.requests == {"/dist/a.mjs": 1, "/dist/b.wasm": 2}
        server.files["/dist/b.wasm"] = CONTENT["b.wasm"][::-1]
        (folder / "b.wasm").unlink()
        with pytest.raises(IntegrityError, match="SHA-256"):
            assets.in_cache(wanted)
        assert not (folder / "b.wasm").exists()
        del server.files["/dist/b.wasm"]
        with pytest.raises(DownloadError, match="check GANZOO_RUNTIME_URL, or pass --runtime"):
            assets.in_cache(wanted)


def test_offline_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path))
    monkeypatch.setenv("GANZOO_OFFLINE", "1")
    with pytest.raises(OfflineError, match=r"lacks a\.mjs, b\.wasm.*--runtime FOLDER"):
        assets.in_cache(tiny_assets("https://example.invalid"))
    source = tmp_path / "files"
    source.mkdir()
    for name, content in CONTENT.items():
        (source / name).write_bytes(content)
    monkeypatch.setenv("GANZOO_RUNTIME_URL", source.as_uri())  # a folder is no network
    assert assets.in_cache(tiny_assets("https://example.invalid")) != source
    (source / "a.mjs").write_bytes(CONTENT["a.mjs"].upper())
    with pytest.raises(IntegrityError, match=r"a\.mjs .*wants the files of tiny-1\.0"):
        assets.in_folder(tiny_assets("https://example.invalid"), source)


# --- the file ------------------------------------------------------------------------------------


def test_every_task_with_a_page_has_controls_that_exist() -> None:
    assert set(controls.CONTROLS) == set(tasks.PAGED)
    names = {name for each in controls.CONTROLS.values() for name in each.scripts}
    known = {*names, *controls.COMMON, *controls.LAST}
    folder = resources.files("ganzoo.export.page").joinpath("assets")
    assert known == {file.name for file in folder.iterdir() if file.name.endswith(".js")}
    for task in tasks.PAGED:
        assert re.search(
            rf'CONTROLS(\.{task}|\["{task}"\])', html.script(controls.scripts_of([task]))
        )
    for file in folder.iterdir():
        assert len(file.read_text(encoding="utf-8").splitlines()) < 300, file.name


def test_a_small_page_of_ones_own_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "POINTS", 2)
    small("ConditionalDCGAN").save_to_preset(tmp_path / "mine")
    made = page.write([tmp_path / "mine"], tmp_path / "page.html", cdn=True)
    text = made.path.read_text(encoding="utf-8")
    facts = json.loads(re.search(r'id="content">(.*?)</script>', text)[1])
    (model,) = facts["models"]
    assert (model["name"], model["task"]) == ("mine", "labelled")
    assert model["licence"] == model["credit"] == ""  # of the zoo's entries alone
    assert [each["integrity"] for each in facts["runtime"]] == list(runtime.INTEGRITY)
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', text)[1]
    assert f"connect-src {runtime.RUNTIME.address}/;" in policy
    code, style = (
        re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)[-1] for tag in ("script", "style")
    )
    for part in (code, style):
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy
    latents = np.random.default_rng(0).standard_normal((3, model["content"]["latentDim"]))
    given = {"latents": latents.astype("f4"), "condition": np.eye(3, dtype="f4")}
    (images,) = network(text, 0).run(None, given)
    wanted = ganzoo.load(tmp_path / "mine").generate(given["latents"], given["condition"])
    assert np.abs(images - wanted).max() < 1e-2


def network(text: str, part: int) -> Any:
    """Return a network out of a page, as Python's onnxruntime runs it."""
    packed = re.search(rf'id="part-{part}">([^<]*)<', text)[1]
    return onnxruntime.InferenceSession(gzip.decompress(base64.b64decode(packed)))


def test_words_of_the_user_cannot_end_a_script() -> None:
    content = {"models": [{"name": "</script><b>{{code}}"}]}
    text = html.page(content, [], ["unpacking.js"])
    assert text.count("</script>") == 2
    assert json.loads(re.search(r'id="content">(.*?)</script>', text)[1]) == content
    assert "<title>&lt;/script&gt;" in text
    assert "connect-src 'none'" in text.replace("&#x27;", "'")
