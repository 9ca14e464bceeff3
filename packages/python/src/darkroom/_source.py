"""What is uploaded: a path, bytes or a file object, read at any place by several threads."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Callable, Iterator, Optional, Tuple, Union

from .errors import FileChangedError, FileUnreadableError

File = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, BinaryIO]

HASH_CHUNK_BYTES = 1024 * 1024
#: A stream that cannot be read twice is kept in memory up to this size, then in a temporary file.
SPOOL_BYTES = 8 * 1024 * 1024


class Source:
    """Bytes from `start` to the end of a file that can be read at any place."""

    def __init__(self, file: BinaryIO, name: str, path: Optional[Path] = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._start = 0 if path else file.tell()
        self._stamp = self._read_stamp(path)
        self.name = name
        #: Absolute; None unless a path was given, because only that can be opened again after a crash.
        self.path = path
        self.byte_size = file.seek(0, io.SEEK_END) - self._start

    def read(self, offset: int, size: int) -> bytes:
        try:
            with self._lock:
                self._file.seek(self._start + offset)
                return self._file.read(size)
        except (OSError, ValueError) as error:
            raise FileUnreadableError(f"{self.name} cannot be read: {error}.") from error

    def chunks(self, offset: int, size: int, chunk_bytes: int) -> Iterator[bytes]:
        """Reads `size` bytes. Raises FileChangedError when there are fewer."""
        end = offset + size
        while offset < end:
            chunk = self.read(offset, min(chunk_bytes, end - offset))
            if not chunk:
                raise FileChangedError(self.name)
            offset += len(chunk)
            yield chunk

    def sha256(self, check: Callable[[], None]) -> str:
        """Returns the SHA-256 in hexadecimal, calling `check` between chunks."""
        digest = hashlib.sha256()
        for chunk in self.chunks(0, self.byte_size, HASH_CHUNK_BYTES):
            check()
            digest.update(chunk)
        return digest.hexdigest()

    def check_unchanged(self) -> None:
        """Raises FileChangedError when somebody wrote to the file, or put another one in its place."""
        if self._read_stamp(self.path) != self._stamp:
            raise FileChangedError(self.name)

    def _read_stamp(self, path: Optional[Path]) -> Optional[Tuple[int, ...]]:
        if path is None:
            return None
        try:
            opened, named = os.fstat(self._file.fileno()), os.stat(path)
        except OSError:
            return ()
        return (opened.st_size, opened.st_mtime_ns, named.st_dev, named.st_ino)


@contextmanager
def open_source(file: File, filename: Optional[str]) -> Iterator[Source]:
    """Opens what `upload` was given. A stream that cannot be read twice is copied to a temporary file first.

    Raises FileUnreadableError.
    """
    if isinstance(file, (bytes, bytearray, memoryview)):
        yield Source(io.BytesIO(file), filename or "file")
    elif isinstance(file, (str, os.PathLike)):
        path = Path(os.path.abspath(os.fspath(file)))
        try:
            opened = open(path, "rb")
        except OSError as error:
            raise FileUnreadableError(f"{path} cannot be opened: {error.strerror}.") from error
        with opened:
            yield Source(opened, filename or path.name, path)
    elif _is_seekable(file):
        yield Source(file, filename or _name_of(file))
    else:
        with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as copy:
            shutil.copyfileobj(file, copy, HASH_CHUNK_BYTES)
            copy.seek(0)
            yield Source(copy, filename or _name_of(file))  # type: ignore[arg-type]


def _is_seekable(file: BinaryIO) -> bool:
    return bool(getattr(file, "seekable", lambda: False)())


def _name_of(file: BinaryIO) -> str:
    name = getattr(file, "name", None)
    return Path(name).name if isinstance(name, str) and not name.startswith("<") else "file"
