"""Bytes of a published file, made into clean UTF-8 text with one record per line.

What belongs here: unpacking, encodings, line ends, NUL bytes. What does not: columns and values
(`tables.py`). Everything that was changed or left out is reported with its line; nothing is changed in
silence.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from upward.base.errors import DataError

#: No published file comes near this; a packed file that unpacks to more is refused before it fills the
#: memory.
PLAIN_SIZE_LIMIT = 512 * 1024 * 1024
#: A line of a published file has at most some thousand characters.
LINE_SIZE_LIMIT = 1024 * 1024
_CHUNK = 1 << 20
_GZIP_MAGIC = b"\x1f\x8b"
# "Ã" followed by a continuation byte, each encoded once more: UTF-8 that was taken for Latin-1 and encoded
# again.
_DOUBLE_ENCODED = (b"\xc3\x83\xc2", b"\xc3\x82\xc2", b"\xc3\xa2\xe2\x82\xac")


@dataclass(frozen=True, slots=True)
class LineNote:
    """Something about one line, or about the whole file (`line` is None)."""

    line: int | None
    kind: str  # rejected | repaired
    rule: str
    message: str
    value: str = ""


@dataclass(slots=True)
class CleanText:
    """Clean text of a file: lines in UTF-8 without line ends, their numbers in the file, and notes on what
    was done.
    """

    sha256: str  # of the plain content, as found
    size: int  # of the plain content, in bytes
    data: bytes  # clean lines joined by newlines
    dropped: dict[int, LineNote] = field(default_factory=dict)  # line number -> why the line is not in `data`
    notes: list[LineNote] = field(default_factory=list)


def read_plain(path: Path, *, size_limit: int = PLAIN_SIZE_LIMIT) -> bytes:
    """Return the plain content of a file, unpacked where it is gzip.

    Raises DataError when the file cannot be read, is cut off or damaged, claims to be gzip and is not, or
    unpacks to more than `size_limit` bytes.
    """
    try:
        content = path.read_bytes() if path.stat().st_size <= size_limit else None
    except OSError as error:
        raise DataError(f"The file cannot be read: {error.strerror or error}.") from error
    if content is None:
        raise DataError(f"The file is larger than {size_limit // 2**20} MiB.", advice="No published file is.")
    if content.startswith(_GZIP_MAGIC):
        return _unpack(content, size_limit)
    if path.suffix == ".gz":
        raise DataError(
            "The file's name ends in .gz, but it is not a gzip file.", advice="Download it again."
        )
    return content


def _unpack(content: bytes, size_limit: int) -> bytes:
    plain = bytearray()
    rest = content
    while rest:
        stream = zlib.decompressobj(wbits=31)
        pending = rest
        while pending and not stream.eof:
            try:
                plain += stream.decompress(pending, min(_CHUNK, size_limit + 1 - len(plain)))
            except zlib.error as error:
                raise DataError("The gzip file is damaged.", advice="Download it again.") from error
            pending = stream.unconsumed_tail
            if len(plain) > size_limit:
                raise DataError(
                    f"The gzip file unpacks to more than {size_limit // 2**20} MiB.",
                    advice="No published file is that large; it was not read.",
                )
        if not stream.eof:
            raise DataError("The gzip file is cut off.", advice="Download it again.")
        rest = stream.unused_data if stream.unused_data.startswith(_GZIP_MAGIC) else b""
    return bytes(plain)


def clean(content: bytes) -> CleanText:
    """Return the content as clean UTF-8 lines; raise DataError where it is not text in a known encoding."""
    text = CleanText(hashlib.sha256(content).hexdigest(), len(content), content)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError("The file is encoded in UTF-16.", advice="Save it as UTF-8.")
    data = content.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
        if b"\r" in data and b"\n" not in data:
            data = data.replace(b"\r", b"\n")
    if not _needs_care(data):
        text.data = data
        return text
    lines = data.split(b"\n")
    for index, line in enumerate(lines):
        lines[index] = _clean_line(line, index + 1, text)
    text.data = b"\n".join(lines)
    return text


def _needs_care(data: bytes) -> bool:
    """Tell whether any line must be looked at: not UTF-8, NUL bytes, or letters encoded twice."""
    if b"\x00" in data:
        return True
    if data.isascii():
        return False
    if any(mark in data for mark in _DOUBLE_ENCODED):
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _clean_line(line: bytes, number: int, text: CleanText) -> bytes:
    """Return the line in UTF-8; a line with NUL bytes comes back empty and is noted as dropped."""
    if line.isascii() and b"\x00" not in line:
        return line
    if b"\x00" in line:
        text.dropped[number] = LineNote(number, "rejected", "nul-bytes", "The line contains NUL bytes.")
        return b""
    try:
        decoded = line.decode("utf-8")
    except UnicodeDecodeError:
        decoded = line.decode("latin-1")
        text.notes.append(
            LineNote(
                number, "repaired", "latin-1", "The line is in Latin-1; read as such.", _excerpt(decoded)
            )
        )
        return decoded.encode("utf-8")
    if any(mark in line for mark in _DOUBLE_ENCODED):
        repaired = _decode_twice(decoded)
        if repaired != decoded:
            text.notes.append(
                LineNote(
                    number,
                    "repaired",
                    "encoded-twice",
                    "Letters were encoded twice; decoded once more.",
                    _excerpt(decoded),
                )
            )
        return repaired.encode("utf-8")
    return line


def _decode_twice(decoded: str) -> str:
    for codec in ("latin-1", "cp1252"):
        try:
            return decoded.encode(codec).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return decoded


def _excerpt(line: str, length: int = 80) -> str:
    return line if len(line) <= length else line[: length - 1] + "…"
