"""Makes one file safe to keep, in a process of its own that holds no secret and has little memory and time.

    python -I cleaning.py SOURCE FOLDER PLAN        PLAN is JSON: kind, format, memory, seconds, bytes, pixels

Pictures are decoded and drawn anew: what was hidden in the file is not in the new one. Sound and video go, packet by
packet,
into a new container, without tags, covers, subtitles or data tracks. It prints what it found as JSON. It imports
nothing of ours: what goes wrong in here stays in here.
"""

import json
import os
import resource
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import pillow_heif
from PIL import Image, ImageCms, ImageOps

SIDES = {"small": 480, "large": 1600}
LONGEST_SIDE = 6000
NO_PICTURE, NO_SOUND = "unreadable-picture", "unreadable-recording"
PICTURES = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}
KEPT_AS = {"jpeg": ("JPEG", "image/jpeg"), "png": ("PNG", "image/png"), "webp": ("WEBP", "image/webp")}
# What we read -> FFmpeg's reader, its writer, and what the result is called.
CONTAINERS = {
    "mp4": ("mov", "mp4", "video/mp4"),
    "mov": ("mov", "mp4", "video/mp4"),
    "webm": ("matroska", "webm", "video/webm"),
    "m4a": ("mov", "ipod", "audio/mp4"),
    "mp3": ("mp3", "mp3", "audio/mpeg"),
    "wav": ("wav", "wav", "audio/wav"),
    "ogg": ("ogg", "ogg", "audio/ogg"),
}
WRITING = {
    "mp4": {"movflags": "+faststart", "fflags": "+bitexact"},
    "ipod": {"movflags": "+faststart", "fflags": "+bitexact"},
    "mp3": {"id3v2_version": "0", "write_id3v1": "0", "fflags": "+bitexact"},
}
# Without it a writer puts chance numbers, its name or the time into the file.
EXACT = {"fflags": "+bitexact"}
NEEDS_THREADS = {"heic"}  # All else is read by this one thread, so that no program can be started from here.
LOOKED_AT = 25  # Frames of each stream that have to decode.


class Refused(Exception):
    """This file cannot be kept. The word says why."""


def limit(plan: dict[str, Any]) -> None:
    """What the libraries may use. The system ends this process where one asks for more."""
    for what, most in (
        (resource.RLIMIT_AS, plan["memory"]),
        (resource.RLIMIT_CPU, plan["seconds"]),
        (resource.RLIMIT_FSIZE, plan["bytes"]),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
        *(() if plan["format"] in NEEDS_THREADS else ((resource.RLIMIT_NPROC, 0),)),
    ):
        resource.setrlimit(what, (most, most))


def draw_again(source: Path, folder: Path, plan: dict[str, Any]) -> dict[str, Any]:
    """The picture, turned the way it was held, in the usual colours, and two smaller ones. Nothing else of the file."""
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = plan["pixels"]
    with Image.open(source, formats=[PICTURES[plan["format"]]]) as opened:
        if opened.width * opened.height > plan["pixels"]:
            raise Refused("too-many-pixels")
        opened.load()
        turned = ImageOps.exif_transpose(opened)
        picture = _bare(_usual_colours(turned))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    form, content_type = KEPT_AS.get(plan["format"], ("PNG" if _has_alpha(picture) else "JPEG", ""))
    _write(picture, folder / "whole", form)
    for name, side in SIDES.items():
        smaller = picture.copy()
        smaller.thumbnail((side, side))
        _write(smaller, folder / name, "WEBP")
    size = {"width": picture.width, "height": picture.height}
    return {"kind": "picture", "content_type": content_type or f"image/{form.lower()}", **size}


def _usual_colours(picture: Any) -> Any:
    """sRGB, so that no profile has to travel along. A profile that makes no sense is passed over."""
    profile = picture.info.get("icc_profile")
    plain = picture.convert("RGBA" if _has_alpha(picture) else "RGB")
    if not profile or picture.mode not in {"RGB", "RGBA"}:
        return plain
    try:
        given, usual = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(plain, given, usual) or plain
    except (ImageCms.PyCMSError, OSError, ValueError):
        return plain


def _bare(picture: Any) -> Any:
    """The points alone: a new picture knows no profile, no comment and no place."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    return bare


def _has_alpha(picture: Any) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info


def _write(picture: Any, to: Path, form: str) -> None:
    drawn = picture.convert("RGB") if form == "JPEG" else picture
    more = {"quality": 88, "optimize": True} if form == "JPEG" else {"quality": 82} if form == "WEBP" else {}
    drawn.save(to, form, **more)


def pack_again(source: Path, folder: Path, plan: dict[str, Any]) -> dict[str, Any]:
    """The same sound and picture in a new container that says nothing else."""
    av.logging.set_level(None)
    reader, writer, content_type = CONTAINERS[plan["format"]]
    _look_inside(source, reader, plan)
    with source.open("rb") as file, (folder / "whole").open("w+b") as made:
        written = WRITING.get(writer, EXACT)
        with _read(file, reader) as given, _written(made, writer, written) as kept:
            size = _copy(given, kept, _wanted(given, plan["kind"]))
    if not size:  # A film without a picture is sound, whatever its name says.
        content_type = content_type.replace("video/", "audio/")
    found = {"kind": "video" if size else "sound", "content_type": content_type}
    return found | size | {"duration_seconds": _seconds(folder / "whole", writer)}


def _written(made: Any, writer: str, options: dict[str, str]) -> Any:
    return av.open(made, "w", format=writer, options=options)


def _read(file: Any, reader: str) -> Any:
    """From a file object, never a name: a container cannot make the library open something else."""
    opened = av.open(file, format=reader, options={"enable_drefs": "0"} if reader == "mov" else {})
    for one in (*opened.streams.video, *opened.streams.audio):
        one.codec_context.thread_count = 1
    return opened


def _wanted(given: Any, kind: str) -> list[Any]:
    """One video and one sound. A cover is not a video; data, subtitles and further tracks stay behind."""
    films = [one for one in given.streams.video if not one.disposition & av.stream.Disposition.attached_pic]
    wanted = [*(films[:1] if kind == "video" else []), *list(given.streams.audio)[:1]]
    if not wanted:
        raise Refused(NO_SOUND)
    return wanted


def _look_inside(source: Path, reader: str, plan: dict[str, Any]) -> None:
    """Some of each track has to be what it says it is, and no larger than a picture may be."""
    with source.open("rb") as file, _read(file, reader) as given:
        for stream in _wanted(given, plan["kind"]):
            if stream.type == "video" and stream.width * stream.height > plan["pixels"]:
                raise Refused("too-many-pixels")
            given.seek(0)
            if not any(True for _, _ in zip(given.decode(stream), range(LOOKED_AT), strict=False)):
                raise Refused(NO_SOUND)


def _copy(given: Any, kept: Any, wanted: list[Any]) -> dict[str, Any]:
    """Packet by packet. Which way a video is held is kept: it is part of the picture."""
    places, size = {}, {}
    for one in wanted:
        made = kept.add_stream_from_template(one)
        made.metadata.clear()
        places[one.index] = made
        if one.type == "video":
            turn = _turn_of(given, one)
            if turn:
                made.set_display_rotation(turn)
            size = {"width": one.width, "height": one.height}
    kept.metadata.clear()
    given.seek(0)
    for packet in given.demux(wanted):
        if packet.dts is not None:
            packet.stream = places[packet.stream.index]
            kept.mux(packet)
    return size


def _turn_of(given: Any, stream: Any) -> int:
    for frame in given.decode(stream):
        return int(frame.rotation)
    return 0


def _seconds(made: Path, writer: str) -> int:
    reader = {"mp4": "mov", "ipod": "mov", "webm": "matroska"}.get(writer, writer)
    with made.open("rb") as file, _read(file, reader) as container:
        return max(1, round((container.duration or 0) / 1_000_000))


def main(source: str, folder: str, said: str) -> None:
    plan = json.loads(said)
    limit(plan)
    work = draw_again if plan["kind"] == "picture" else pack_again
    try:
        found = work(Path(source), Path(folder), plan)
    except Refused as error:
        found = {"refused": str(error)}
    except MemoryError:
        found = {"refused": "too-much-inside"}
    except Exception:  # Whatever a decoder says about a strange file, it is refused. Its words may hold the file's.
        found = {"refused": NO_PICTURE if plan["kind"] == "picture" else NO_SOUND}
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)  # Nothing of the libraries runs on.


if __name__ == "__main__":
    main(*sys.argv[1:4])
