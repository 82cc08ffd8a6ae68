"""Small files of every kind we take, and of many that we do not, made here so that nobody's photo lies in the tests."""

import io
import struct
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pillow_heif
from PIL import Image
from PIL.PngImagePlugin import PngInfo

SECRET = b"ZQSECRETQZ"
PLACE = b"+51.5007-000.1246/"
GPS = {1: "N", 2: (51.0, 30.0, 2.5), 3: "W", 4: (0.0, 7.0, 28.5)}
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>ZQSECRETQZ exif:GPSLatitude='51,30.0N'</x:xmpmeta>"
FILMS = {"mp4": ("mp4", "libx264", "aac"), "mov": ("mov", "libx264", "aac"), "webm": ("webm", "libvpx", "libopus")}
SOUNDS = {
    "m4a": ("ipod", "aac"),
    "mp3": ("mp3", "libmp3lame"),
    "wav": ("wav", "pcm_s16le"),
    "ogg": ("ogg", "libopus"),
    "webm-sound": ("webm", "libopus"),
}

pillow_heif.register_heif_opener()


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), turned: int = 1, **more: Any) -> bytes:
    """A small photo, red on the left and blue on the right; with all that a phone writes beside it."""
    made = Image.new("RGB", size, (200, 20, 20))
    made.paste((20, 20, 200), (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = turned, SECRET.decode()
    exif.get_ifd(0x8825).update(GPS)
    extra: dict[str, Any] = {"exif": exif, "xmp": XMP} | more
    if form == "PNG":
        words = PngInfo()
        words.add_text("Comment", SECRET.decode())
        extra = {"exif": exif, "pnginfo": words}
    if form == "JPEG":
        extra["comment"] = SECRET
    file = io.BytesIO()
    made.save(file, form, **extra)
    return file.getvalue()


def recording(name: str, seconds: int = 1, turned: int = 0) -> bytes:
    """Sound or a film, with a title, a place and a comment."""
    form, *codecs = FILMS[name] if name in FILMS else (SOUNDS[name][0], None, SOUNDS[name][1])
    file = io.BytesIO()
    with av.open(file, "w", format=form) as made:
        made.metadata.update({"title": SECRET.decode(), "location": PLACE.decode(), "comment": SECRET.decode()})
        film = _film_track(made, codecs[0], turned) if codecs[0] else None
        rate = 48000 if codecs[1] == "libopus" else 44100
        sound: Any = made.add_stream(codecs[1], rate=rate, layout="mono")
        sound.metadata["title"] = SECRET.decode()
        if film:
            _film(made, film, seconds)
        _sound(made, sound, rate, seconds)
    return file.getvalue()


def _film_track(made: Any, codec: str, turned: int) -> Any:
    film = made.add_stream(codec, rate=10)
    film.width, film.height, film.pix_fmt = 64, 48, "yuv420p"
    film.metadata["title"] = SECRET.decode()
    if turned:
        film.set_display_rotation(turned)
    return film


def _film(made: Any, film: Any, seconds: int) -> None:
    for number in range(10 * seconds):
        frame = av.VideoFrame.from_image(Image.new("RGB", (64, 48), (number % 255, 0, 0)))
        made.mux(film.encode(frame))
    made.mux(film.encode(None))


def _sound(made: Any, sound: Any, rate: int, seconds: int) -> None:
    for number in range(rate * seconds // 1024):
        frame = av.AudioFrame(format="s16", layout="mono", samples=1024)
        frame.planes[0].update(bytes(byte * 7 % 256 for byte in range(frame.planes[0].buffer_size)))
        frame.sample_rate, frame.pts, frame.time_base = rate, number * 1024, Fraction(1, rate)
        made.mux(sound.encode(frame))
    made.mux(sound.encode(None))


def paper() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n" + SECRET + b"\n%%EOF\n"


def png_of(width: int, height: int, rows: int) -> bytes:
    """A PNG that says it is so large; `rows` of it are there, squeezed to almost nothing."""
    squeezed = zlib.compressobj(9)
    row = b"\0" * (1 + width * 3)
    data = b"".join(squeezed.compress(row) for _ in range(rows)) + squeezed.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bytes_in(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file())
