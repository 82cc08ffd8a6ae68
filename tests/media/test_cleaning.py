"""S10 to S12: bombs, polyglots, type lies, huge and broken files, and what phones write beside a picture.

The figures stand in docs/security.md.
"""

import io
import zipfile
from pathlib import Path

import av
import pytest
from PIL import Image
from tests.media.making import FILMS, PLACE, SECRET, SOUNDS, bytes_in, paper, picture, png_of, recording

from planwiki.base.errors import Invalid, NotTaken, PlanwikiError
from planwiki.media import rules, workshop

HTML = b"<!doctype html><script>alert(1)</script>"
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/jpeg"}


def cleaned(data: bytes, tmp_path: Path) -> tuple[dict[str, object], bytes]:
    """What is found and all bytes that would be kept."""
    source, folder = tmp_path / "came", tmp_path / "safe"
    source.write_bytes(data)
    folder.mkdir(exist_ok=True)
    found = workshop.make_safe(source, folder, rules.sort_of(data[:64]))
    return found, bytes_in(folder)


@pytest.mark.parametrize("form", PICTURES)
def test_nothing_beside_the_picture_is_kept(form: str, tmp_path: Path) -> None:
    data = picture(form)
    assert SECRET in data, "The control: it was there."
    found, kept = cleaned(data, tmp_path)
    assert found["content_type"] == PICTURES[form]
    assert not any(word in kept for word in (SECRET, b"Exif", b"GPS", b"xmpmeta", b"ICC_PROFILE"))
    for name in ("whole", "small", "large"):
        with Image.open(tmp_path / "safe" / name) as made:
            assert dict(made.getexif()) == {}
            assert {"exif", "xmp", "comment", "icc_profile"}.isdisjoint(made.info)


def test_a_picture_stands_the_way_it_was_held(tmp_path: Path) -> None:
    found, _ = cleaned(picture(turned=6), tmp_path)
    assert (found["width"], found["height"]) == (48, 64)
    with Image.open(tmp_path / "safe" / "whole") as made:
        assert made.convert("RGB").getpixel((24, 5))[0] > 150  # type: ignore[index]  # three numbers: what was left is on top


def test_smaller_pictures_are_smaller(tmp_path: Path) -> None:
    cleaned(picture(size=(3000, 1500)), tmp_path)
    sides = {}
    for name in ("whole", "large", "small"):
        with Image.open(tmp_path / "safe" / name) as made:
            sides[name] = made.width
    assert sides == {"whole": 3000, "large": 1600, "small": 480}


@pytest.mark.parametrize("name", [*FILMS, *SOUNDS])
def test_nothing_beside_sound_and_video_is_kept(name: str, tmp_path: Path) -> None:
    data = recording(name)
    assert SECRET in data or name == "webm", "The control: it was there."
    found, kept = cleaned(data, tmp_path)
    assert not any(word in kept for word in (SECRET, PLACE, SECRET.lower()))
    assert found["duration_seconds"] == 1
    assert found["kind"] == ("video" if name in FILMS else "sound")
    with av.open(str(tmp_path / "safe" / "whole")) as made:
        tags = {tag.lower() for one in (made, *made.streams) for tag in one.metadata}
        assert tags <= {"major_brand", "minor_version", "compatible_brands", "handler_name", "vendor_id", "language", "encoder", "duration"}  # fmt: skip  # noqa: E501 - one set


def test_a_film_stays_the_way_it_was_held(tmp_path: Path) -> None:
    cleaned(recording("mp4", turned=90), tmp_path)
    with av.open(str(tmp_path / "safe" / "whole")) as made:
        assert next(iter(made.decode(video=0))).rotation == 90


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("a.txt", SECRET)
    return file.getvalue()


REFUSED = {
    "html": HTML,
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "xml svg": b"<?xml version='1.0'?><svg/>",
    "zip": _zip(),
    "gzip": b"\x1f\x8b\x08\0" + bytes(60),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(60),
    "tar": b"a.txt".ljust(257, b"\0") + b"ustar\0" + bytes(300),
    "program": b"\x7fELF" + bytes(60),
    "exe": b"MZ" + bytes(62),
    "gif": b"GIF89a" + bytes(60),
    "tiff": b"II*\0" + bytes(60),
    "avif": b"\0\0\0\x20ftypavif" + bytes(60),
    "matroska": b"\x1a\x45\xdf\xa3" + b"\x42\x82\x88matroska" + bytes(60),
    "playlist": b"#EXTM3U\nfile:///etc/passwd\n",
    "pdf later": b"\n" * 20 + paper(),
    "utf-16": b"\xff\xfe<\0h\0t\0m\0l\0",
    "nothing": b"",
    "one byte": b"\xff",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_on_the_list_is_refused(name: str) -> None:
    with pytest.raises(NotTaken):
        rules.sort_of(REFUSED[name][:64])


LIES = {
    "html behind a jpeg's first bytes": b"\xff\xd8\xff\xe0" + HTML,
    "html behind a png's": b"\x89PNG\r\n\x1a\n" + HTML,
    "html behind a webp's": b"RIFF\x40\0\0\0WEBP" + HTML,
    "html behind a photo's of a phone": b"\0\0\0\x18ftypheic" + HTML,
    "html behind a film's": b"\0\0\0\x18ftypisom\0\0\0\0" + HTML * 9,
    "html behind a webm's": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + HTML * 9,
    "html behind an mp3's": b"ID3\x03\0\0\0\0\0\0" + HTML * 50,
    "html behind a wav's": b"RIFF\xff\0\0\0WAVE" + HTML * 9,
    "html behind an ogg's": b"OggS\0\x02" + HTML * 9,
    "a gif called jpeg": b"\xff\xd8\xff" + b"GIF89a" + bytes(90),
    "a playlist behind a film's": b"\0\0\0\x18ftypisom#EXTM3U\nhttp://127.0.0.1/\n",
    "half a jpeg": picture(size=(400, 300))[:-900],
    "half a png": picture("PNG", size=(400, 300))[:-300],
    "half a heic": picture("HEIF", size=(400, 300))[:-300],
    "a film without its end": recording("mp4")[:-2000],
    "a pdf without its end": paper()[:-12],
}


@pytest.mark.parametrize("name", LIES)
def test_what_lies_or_breaks_off_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        cleaned(LIES[name], tmp_path)


def test_what_is_hidden_behind_a_good_file_does_not_come_along(tmp_path: Path) -> None:
    """A file that is two at once: a page, a program or an archive after the picture or the sound."""
    for number, data in enumerate([*(picture(form) for form in PICTURES), recording("mp4"), recording("wav")]):
        place = tmp_path / str(number)
        place.mkdir()
        _, kept = cleaned(data + HTML + _zip(), place)
        assert HTML not in kept
        assert b"PK\x03\x04" not in kept
        assert SECRET not in kept


BOMBS = {
    "a huge picture that says so": png_of(60_000, 60_000, 1),
    "a picture that says it is small": png_of(100, 100, 30_000),
    "a few points more than the most": png_of(7_100, 7_100, 100),
    "one long line": png_of(60_000_000, 1, 1),
}


@pytest.mark.parametrize("name", [one for one in BOMBS if "small" not in one])
def test_a_bomb_is_refused_before_it_is_opened(name: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        cleaned(BOMBS[name], tmp_path)


def test_more_data_than_a_picture_says_is_not_looked_at(tmp_path: Path) -> None:
    """90 MB of rows behind a picture of 100 lines: it is either refused, or kept as the 100 lines."""
    try:
        found, kept = cleaned(BOMBS["a picture that says it is small"], tmp_path)
    except PlanwikiError:
        return
    assert (found["width"], len(kept) < 10_000) == (100, True)


def test_whoever_asks_for_more_memory_or_time_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits hold where our own look at the size does not. The control: the same picture is fine with more."""
    large = png_of(6000, 6000, 6000)
    for name, setting in (("MEMORY", 150_000_000), ("SECONDS", 0)):
        with monkeypatch.context() as tight:
            tight.setitem(getattr(workshop, name), rules.MediaKind.PICTURE, setting)
            with pytest.raises(Invalid):
                cleaned(large, tmp_path)
    assert cleaned(large, tmp_path)[0]["width"] == 6000


def test_the_other_side_holds_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What decodes strange files gets nothing of our environment and files, in an empty folder, and starts nothing."""
    seen = tmp_path / "seen.py"
    seen.write_text(
        "import json, os, runpy, resource, sys\n"
        f"limit = runpy.run_path({str(workshop.SCRIPT)!r})['limit']\n"
        "there = {'env': sorted(os.environ), 'beside': os.listdir(), 'open': os.listdir('/proc/self/fd')}\n"
        "limit(json.loads(sys.argv[3]))\n"
        "json.dump(there | {'processes': resource.getrlimit(resource.RLIMIT_NPROC)}, sys.stdout)"
    )
    monkeypatch.setattr(workshop, "SCRIPT", seen)
    monkeypatch.setenv("PLANWIKI_SECRET_KEY", "do not tell")
    with (tmp_path / "a file of ours").open("w"):
        found, _ = cleaned(picture(), tmp_path)
    assert not [name for name in found["env"] if name != "LC_CTYPE"]  # type: ignore[attr-defined]  # a list
    assert (found["beside"], len(found["open"]), found["processes"]) == ([], 4, [0, 0])  # type: ignore[arg-type]  # in, out, errors, and the list itself


@pytest.mark.parametrize("name", [*FILMS, *SOUNDS])
def test_the_same_recording_is_packed_alike(name: str, tmp_path: Path) -> None:
    data, kept = recording(name), set()
    for place in (tmp_path / "one", tmp_path / "other"):
        place.mkdir()
        kept.add(cleaned(data, place)[1])
    assert len(kept) == 1
