"""The reader of pictures: one stated rule for every kind of file, and a word on what was done."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, features

from ganzoo import data
from ganzoo.data.pictures import Rules, read
from ganzoo.errors import DataError, InvalidArgumentError

RAMP = (np.linspace(0, 1, 64).reshape(8, 8) * 65535).astype(np.uint16)
GREY, COLOUR = (8, 8, 1), (8, 8, 3)
CODECS = {".avif": "avif", ".webp": "webp", ".jp2": "jpg_2000", ".jfif": "jpg"}


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.Generator(np.random.PCG64(seed)).integers(0, 256, shape, dtype=np.uint8)


def scaled(pixels: np.ndarray) -> np.ndarray:
    return pixels.astype(np.float32) / 127.5 - 1.0


def one(path: Path, shape: tuple[int, int, int] = GREY, **rules: object) -> np.ndarray:
    """Return the only picture of a file, float32 (height, width, channels)."""
    found = read(path, shape, Rules(**rules))  # type: ignore[arg-type]
    assert len(found.images) == len(found.names) == 1
    return found.images[0]


def notes(path: Path, shape: tuple[int, int, int] = GREY, **rules: object) -> str:
    return "\n".join(read(path, shape, Rules(**rules)).notes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ending", "options"),
    [
        (".png", {}), (".apng", {"format": "PNG"}), (".bmp", {}), (".dib", {}), (".tif", {}),
        (".TIFF", {}), (".ppm", {}), (".pnm", {"format": "PPM"}), (".tga", {}),
        (".webp", {"lossless": True}), (".jp2", {"irreversible": False}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("shape", [GREY, COLOUR])
def test_formats_without_loss_give_the_same_array(ending, options, shape, tmp_path):
    if ending in CODECS and not features.check(CODECS[ending]):
        pytest.skip(f"this Pillow has no {CODECS[ending]}")
    pixels = noise(*shape)
    path = tmp_path / f"a{ending}"
    Image.fromarray(pixels[..., 0] if shape == GREY else pixels).save(path, **options)
    np.testing.assert_array_equal(one(path, shape), scaled(pixels))
    assert not read(path, shape).notes


@pytest.mark.parametrize(("ending", "form"), [(".jfif", "JPEG"), (".avif", "AVIF")])
def test_formats_with_loss(ending, form, tmp_path):
    if not features.check(CODECS[ending]):
        pytest.skip(f"this Pillow has no {CODECS[ending]}")
    Image.new("L", (8, 8), 200).save(tmp_path / f"a{ending}", format=form)
    np.testing.assert_allclose(one(tmp_path / f"a{ending}"), 200 / 127.5 - 1, atol=0.03)


# --- more than 8 bits ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.pgm", "big-endian.tif", "a.jp2"])
def test_sixteen_bits_by_their_full_range(name, tmp_path):
    pixels = RAMP.astype(">u2") if "big" in name else RAMP
    picture = Image.fromarray(pixels)
    options = {"irreversible": False} if name.endswith("jp2") else {}
    picture.save(tmp_path / name, **options)
    expected = RAMP / 32767.5 - 1.0
    np.testing.assert_allclose(one(tmp_path / name)[..., 0], expected, atol=2e-5)
    coloured = one(tmp_path / name, COLOUR)
    assert np.array_equal(coloured[..., 0], coloured[..., 2])
    assert one(tmp_path / name, (8, 8, 4))[..., 3].min() == 1.0
    assert "1 picture scaled by the full range, 0 to 65535" in notes(tmp_path / name)
    assert one(tmp_path / name, (4, 4, 1), resize=True).shape == (4, 4, 1)


def test_colours_of_sixteen_bits_are_not_clipped(tmp_path):
    """Pillow reads the upper 8 bits; the file is written by hand, as Pillow writes none."""
    pixels = np.stack([RAMP, RAMP[::-1], RAMP.T], axis=-1)
    content = b"P6 8 8 65535\n" + pixels.astype(">u2").tobytes()
    (tmp_path / "a.ppm").write_bytes(content)
    np.testing.assert_allclose(one(tmp_path / "a.ppm", COLOUR), pixels / 32767.5 - 1.0, atol=8e-3)


def test_thirty_two_bits_with_and_without_a_sign(tmp_path):
    ramp = np.linspace(0, 1, 64).reshape(8, 8)
    Image.fromarray((ramp * (2**31 - 1)).astype(np.int32)).save(tmp_path / "signed.tif")
    np.testing.assert_allclose(one(tmp_path / "signed.tif")[..., 0], ramp * 2 - 1, atol=1e-5)
    picture = Image.fromarray((ramp * (2**32 - 1)).astype(np.uint32).view(np.int32))
    picture.save(tmp_path / "plain.tif")
    signed = b"\x53\x01\x03\x00\x01\x00\x00\x00\x02\x00"  # the tag SampleFormat, which says 2
    content = (tmp_path / "plain.tif").read_bytes().replace(signed, signed[:-2] + b"\x01\x00")
    (tmp_path / "plain.tif").write_bytes(content)
    np.testing.assert_allclose(one(tmp_path / "plain.tif")[..., 0], ramp * 2 - 1, atol=1e-5)
    Image.fromarray(np.full((8, 8), -5, np.int32)).save(tmp_path / "below.tif")
    with pytest.raises(DataError, match=r"below\.tif has numbers below 0 \(down to -5\)"):
        one(tmp_path / "below.tif")


def test_floats_go_from_black_to_white(tmp_path):
    ramp = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
    Image.fromarray(ramp).save(tmp_path / "a.tif")
    np.testing.assert_allclose(one(tmp_path / "a.tif")[..., 0], ramp * 2 - 1, atol=1e-6)
    for name, factor in (("wide.tif", 255.0), ("nan.tif", np.nan)):
        Image.fromarray(ramp * np.float32(factor)).save(tmp_path / name)
        with pytest.raises(DataError, match=rf"{name} has numbers from .*0 \(black\) to 1"):
            one(tmp_path / name)


def test_what_would_be_black_is_refused_and_what_is_dark_is_said(tmp_path):
    for name, factor in (("black.png", 200 / 65535), ("dark.png", 4095 / 65535)):
        Image.fromarray((RAMP * factor).astype(np.uint16)).save(tmp_path / name)
    with pytest.raises(DataError, match=r"black\.png and all .* are black: .* 200"):
        one(tmp_path / "black.png")
    assert "the largest number in dark.png and others like it is" in notes(tmp_path / "dark.png")


# --- opacity, colours, orientation ---------------------------------------------------------------


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1"])
@pytest.mark.parametrize(("background", "ground"), [("white", 1.0), ("#000", -1.0)])
def test_opacity_is_laid_over_the_background(mode, background, ground, tmp_path):
    alpha = np.zeros((8, 8), np.uint8)
    alpha[2:6, 2:6] = 255
    grey = np.where(alpha > 0, 255, 0).astype(np.uint8)  # white on nothing, with black in it
    if mode in ("RGBA", "LA"):
        bands = [grey] * (len(mode) - 1)
        Image.merge(mode, [Image.fromarray(band) for band in (*bands, alpha)]).save(
            tmp_path / "a.png"
        )
    else:
        Image.fromarray(grey).convert(mode).save(tmp_path / "a.png", transparency=0)
    expected = np.where(alpha > 0, 1.0, ground)
    for shape in (GREY, COLOUR):
        made = one(tmp_path / "a.png", shape, background=background)
        np.testing.assert_allclose(made, np.broadcast_to(expected[..., None], shape))
    said = notes(tmp_path / "a.png", background=background)
    assert f"1 picture with transparency laid over {background}" in said
    assert ("nothing is seen of 1 picture" in said) == (ground == 1.0)
    kept = one(tmp_path / "a.png", (8, 8, 4))
    assert np.array_equal(kept[..., 3], scaled(alpha))


def test_half_opaque_and_sixteen_bits_with_a_transparent_number(tmp_path):
    Image.new("RGBA", (8, 8), (0, 0, 0, 51)).save(tmp_path / "half.png")
    np.testing.assert_allclose(one(tmp_path / "half.png"), 0.6, atol=0.01)
    Image.fromarray(RAMP).save(tmp_path / "deep.png", transparency=0)
    made = one(tmp_path / "deep.png")[..., 0]
    assert made[0, 0] == 1.0  # was black
    np.testing.assert_allclose(made.ravel()[1:], (RAMP / 32767.5 - 1.0).ravel()[1:], atol=2e-5)


def test_palettes_give_their_colours(tmp_path):
    pixels = np.repeat(noise(8, 2, 3) // 64 * 64, 4, axis=1)
    picture = Image.fromarray(pixels)
    picture.quantize(64).save(tmp_path / "a.png")
    picture.quantize(64).save(tmp_path / "a.gif")
    for name in ("a.png", "a.gif"):
        np.testing.assert_array_equal(one(tmp_path / name, COLOUR), scaled(pixels))
        expected = scaled(np.asarray(picture.convert("L")))
        np.testing.assert_allclose(one(tmp_path / name)[..., 0], expected, atol=0.01)
        assert "1 picture in colour made grey" in notes(tmp_path / name)


def test_cmyk_is_said(tmp_path):
    Image.new("CMYK", (8, 8), (255, 0, 0, 0)).save(tmp_path / "a.tif")
    made = one(tmp_path / "a.tif", COLOUR)
    np.testing.assert_allclose(made[0, 0], (-1.0, 1.0, 1.0), atol=0.01)
    assert "1 picture in CMYK or the like became RGB by formula" in notes(
        tmp_path / "a.tif", COLOUR
    )


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("deep", [False, True])
def test_orientation(orientation, deep, tmp_path):
    upright = RAMP if deep else noise(8, 8)
    undo = {1: lambda a: a, 2: np.fliplr, 3: lambda a: np.rot90(a, 2), 4: np.flipud,
            5: np.transpose, 6: np.rot90, 7: lambda a: np.rot90(np.transpose(a), 2),
            8: lambda a: np.rot90(a, 3)}  # fmt: skip
    stored = np.ascontiguousarray(undo[orientation](upright))
    exif = Image.Exif()
    exif[274] = orientation
    Image.fromarray(stored).save(tmp_path / "a.png", exif=exif)
    expected = upright / (32767.5 if deep else 127.5) - 1.0
    np.testing.assert_allclose(one(tmp_path / "a.png")[..., 0], expected, atol=2e-5)
    assert ("turned upright" in notes(tmp_path / "a.png")) == (orientation > 1)


# --- frames --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.gif", "a.tif", "a.png", "a.webp"])
def test_frames_and_pages(name, tmp_path):
    pages = [Image.new("L", (8, 8), value) for value in (0, 96, 208)]
    more = {"lossless": True} if name.endswith("webp") else {}
    pages[0].save(tmp_path / name, save_all=True, append_images=pages[1:], **more)
    first = read(tmp_path / name, GREY)
    assert first.names == (name,)
    assert "Only the first frame or page of 1 picture is read" in first.notes[0]
    every = read(tmp_path / name, GREY, Rules(frames="all"))
    assert every.names == (name, f"{name}#2", f"{name}#3")
    means = every.images.mean(axis=(1, 2, 3))
    np.testing.assert_allclose(means, np.array([0, 96, 208]) / 127.5 - 1.0, atol=0.01)
    assert not every.notes


# --- another size --------------------------------------------------------------------------------


def test_fits(tmp_path):
    pixels = np.zeros((8, 16, 3), np.uint8)
    pixels[:, 4:12] = 255  # a white square in the middle
    Image.fromarray(pixels).save(tmp_path / "a.png")
    with pytest.raises(DataError, match=r"a\.png has 8x16 pixels, wanted are 8x8; pass resize"):
        one(tmp_path / "a.png", COLOUR)
    assert one(tmp_path / "a.png", COLOUR, resize="crop").min() == 1.0
    padded = one(tmp_path / "a.png", COLOUR, resize="pad", background="red")
    np.testing.assert_array_equal(padded[0, 0], (1.0, -1.0, -1.0))
    np.testing.assert_array_equal(padded[2:6, 0], -1.0)
    np.testing.assert_array_equal(padded[2:6, 3:5], 1.0)
    stretched = one(tmp_path / "a.png", COLOUR, resize=True)
    assert np.array_equal(stretched, one(tmp_path / "a.png", COLOUR, resize="stretch"))
    np.testing.assert_array_equal(stretched[:, 0], -1.0)
    for how, words in (
        ("stretch", "out of proportion"),
        ("crop", "cut off"),
        ("pad", "with white"),
    ):
        assert words in notes(tmp_path / "a.png", COLOUR, resize=how)
    assert notes(tmp_path / "a.png", (4, 8, 3), resize=True).startswith(
        "1 picture resized to 4x8 ("
    )


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("how", ["stretch", "crop", "pad"])
def test_an_array_is_resized_as_the_picture_is(channels, how, tmp_path):
    pixels = noise(3, 12, 9, channels) // 2 + 64  # no overshoot beyond the range
    (tmp_path / "d").mkdir()
    for index, picture in enumerate(pixels):
        Image.fromarray(picture[..., 0] if channels == 1 else picture).save(
            tmp_path / "d" / f"{index}.png"
        )
    np.save(tmp_path / "a.npy", pixels)
    np.save(tmp_path / "floats.npy", scaled(pixels))
    shape, rules = (6, 8, channels), Rules(resize=how)
    of_files = read(tmp_path / "d", shape, rules)
    assert np.array_equal(read(tmp_path / "a.npy", shape, rules).images, of_files.images)
    if channels < 4:  # an array of floats has no opacity that Pillow would weigh with
        floats = read(tmp_path / "floats.npy", shape, rules).images
        np.testing.assert_allclose(floats, of_files.images, atol=0.012)
    with pytest.raises(DataError, match="must have shape"):
        read(tmp_path / "a.npy", shape)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"resize": "crp"}, "'stretch', 'crop' or 'pad'; got 'crp'. Did you mean 'crop'"),
        ({"frames": "frist"}, "'first' or 'all'; got 'frist'. Did you mean 'first'"),
        ({"background": "whit"}, "a colour's name.*Did you mean 'white'"),
        ({"background": 3}, "a colour's name"),
    ],
)
def test_choices_that_there_are_not(rules, message, tmp_path):
    with pytest.raises(InvalidArgumentError, match=message):
        data.images(tmp_path, GREY, **rules)
