"""Archives are read and never unpacked; hostile and damaged ones are one line."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ganzoo.errors import DataError, PresetError
from ganzoo.files import archives
from ganzoo.files.archives import members, names
from tests.preparation.packing import ar, deb, packed_zip, tar

FILES = {"a/one.txt": b"1" * 3000, "a/b/two.txt": b"2", "three": b""}
FORMS = {
    "tar": tar(FILES, ""),
    "tar.gz": tar(FILES, "gz"),
    "tar.xz": tar(FILES, "xz"),
    "zip": packed_zip(FILES),
    "deb": deb(FILES),
    "deb with gzip": deb(FILES, "gz"),
    "deb without compression": deb(FILES, ""),
}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Where the archive of a test lies."""
    return tmp_path / "archive"


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_names_and_contents(form, archive):
    archive.write_bytes(FORMS[form])
    assert dict(members(archive, lambda name: True)) == FILES
    assert dict(members(archive, lambda name: name.startswith("a/b"))) == {"a/b/two.txt": b"2"}
    assert names(archive) == [*FILES]


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "C:/x", "a\\..\\x"])
@pytest.mark.parametrize("pack", [tar, packed_zip])
def test_a_name_that_leads_out_is_refused(name, pack, archive, tmp_path):
    archive.write_bytes(pack({name: b"x"}))
    with pytest.raises(DataError, match="which leads out of its folder"):
        list(members(archive, lambda name: True))
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]


def test_a_name_that_leads_out_of_a_package_is_refused(archive):
    archive.write_bytes(deb({"../../x": b"x"}))  # after ./ in the package
    with pytest.raises(DataError, match="which leads out of its folder"):
        names(archive)


def test_links_are_passed_over(archive):
    archive.write_bytes(tar({"a": b"1"}, links={"b": "/etc/passwd", "c": "../../x"}))
    assert dict(members(archive, lambda name: True)) == {"a": b"1"}
    with zipfile.ZipFile(archive, "w") as packed:
        link = zipfile.ZipInfo("b")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    assert dict(members(archive, lambda name: True)) == {}


@pytest.mark.parametrize("form", FORMS)
def test_a_truncated_archive_is_one_line(form, archive):
    archive.write_bytes(FORMS[form][: min(len(FORMS[form]) // 2, 2000)])
    with pytest.raises(DataError, match=r"damaged or truncated|no whole Debian package") as caught:
        list(members(archive, lambda name: True))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"<html>", b"\x1f\x8bnot gzip", b"PK\3\4", b"!<arch>\n"])
def test_what_is_no_archive_is_one_line(content, archive):
    archive.write_bytes(content)
    with pytest.raises(DataError, match=r"no readable zip, tar or Debian|no whole Debian"):
        list(members(archive, lambda name: True))


def test_the_data_of_a_package_may_be_in_another_form(archive):
    archive.write_bytes(ar({"debian-binary": b"2.0\n", "data.tar.zst": b"\x28\xb5\x2f\xfd1234"}))
    with pytest.raises(DataError, match=r"compressed by Zstandard.*3\.14|damaged"):
        list(members(archive, lambda name: True))


@pytest.mark.parametrize("form", FORMS)
def test_sizes_are_bounded(form, archive, monkeypatch):
    archive.write_bytes(FORMS[form])
    monkeypatch.setattr(archives, "MAX_FILE_BYTES", 2000)
    with pytest.raises(DataError, match=r"'a/one\.txt' has 3000 bytes; at most 2000"):
        list(members(archive, lambda name: True))
    assert len(dict(members(archive, lambda name: name != "a/one.txt"))) == 2
    monkeypatch.undo()
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    with pytest.raises(DataError, match="more than the 2 files"):
        list(members(archive, lambda name: True))
    monkeypatch.undo()
    monkeypatch.setattr(archives, "MAX_BYTES", 2500)
    with pytest.raises(DataError, match="unpacks to more than the 2500 bytes"):
        list(members(archive, lambda name: True))


def test_a_bomb_is_left_where_the_bound_is(archive, monkeypatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 1 << 20)
    archive.write_bytes(tar({"zeros": bytes(1 << 26)}))
    with pytest.raises(DataError, match="unpacks to more than"):
        names(archive)


def test_only_a_regular_file_is_opened(archive, tmp_path):
    archive.symlink_to(tmp_path / "other")
    with pytest.raises(PresetError, match="symbolic link"):
        names(archive)
