"""What an upload leaves on disk until it is confirmed, so that another process can go on with it, and none does it twice.

One file per installation, API key and path, locked by who uploads. It holds ids and hashes, never a key or a URL.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Callable, Dict, Iterator, Mapping, Optional

try:
    import fcntl
except ImportError:  # Windows: uploads work there, but two processes are not kept apart.
    fcntl = None  # type: ignore[assignment]

#: The service keeps no upload open for so long.
KEPT_SEC = 7 * 24 * 3600
WAIT_SEC = 0.1
SUFFIX = ".upload"
#: Values of `end`.
CONFIRMED = "confirmed"
TAKEN_BACK = "taken back"


class Record:
    """What is known of an upload. This one is forgotten with the process; `FileRecord` is not."""

    is_resumable = False

    def __init__(self, subject: Mapping[str, Any]) -> None:
        #: What would make it another upload: the hash of the bytes, and all that is declared of them.
        self._subject = dict(subject)
        self._values: Dict[str, Any] = {}

    @property
    def idempotency_key(self) -> Optional[str]:
        return self._values.get("idempotencyKey")

    @property
    def upload_id(self) -> Optional[str]:
        return self._values.get("uploadId")

    @property
    def is_confirmed(self) -> bool:
        return bool(self._values.get("end") == CONFIRMED)

    @property
    def is_over(self) -> bool:
        return "end" in self._values

    def save(self, **values: Any) -> None:
        self._values.update(values)

    def begin_anew(self) -> None:
        self._values = {}


class FileRecord(Record):
    is_resumable = True

    def __init__(self, subject: Mapping[str, Any], file: BinaryIO) -> None:
        super().__init__(subject)
        self._file = file
        #: Of an upload of other bytes, or with other options, from the same path.
        self.superseded_upload_id: Optional[str] = None
        found = _read(file)
        if found.get("subject") == self._subject:
            self._values = found.get("values", {})
        elif "end" not in found.get("values", {}):
            self.superseded_upload_id = found.get("values", {}).get("uploadId")

    def save(self, **values: Any) -> None:
        super().save(**values)
        text = json.dumps({"subject": self._subject, "values": self._values}).encode() + b"\n"
        # One write of less than a page, so that a killed process leaves the old text or the new one.
        self._file.seek(0, os.SEEK_END)
        padding = b" " * max(0, self._file.tell() - len(text))
        self._file.seek(0)
        self._file.write(text + padding)


def _read(file: BinaryIO) -> Dict[str, Any]:
    file.seek(0)
    try:
        found = json.loads(file.read() or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def default_state_dir() -> Path:
    """Returns `$XDG_STATE_HOME/darkroom`, by default `~/.local/state/darkroom`."""
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "darkroom"


class Records:
    """The records of the uploads to one installation with one API key."""

    def __init__(self, folder: Path, url: str, key_id: str) -> None:
        self._folder = folder / "uploads"
        self._scope = f"{url}\n{key_id}\n"

    @contextmanager
    def lend(self, path: Path, subject: Mapping[str, Any], check: Callable[[], None]) -> Iterator[FileRecord]:
        """Lends the record of a file to one process at a time; others wait, calling `check` now and then.

        A process that waited gets the record as the other one left it, also when that one was done.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._remove_old()
        name = hashlib.sha256((self._scope + str(path)).encode("utf-8", "surrogateescape")).hexdigest()
        place = self._folder / (name[:32] + SUFFIX)
        while True:
            with _open_private(place) as file:
                has_waited = _lock(file, check)
                record = FileRecord(subject, file)
                if _is_at(file, place) or (has_waited and record.is_confirmed):
                    try:
                        yield record
                    finally:
                        if record.is_over:
                            _remove(file, place)
                    return
            # The other process was done with another upload, and removed the file.

    def _remove_old(self) -> None:
        for place in self._folder.glob("*" + SUFFIX):
            try:
                if place.stat().st_mtime > time.time() - KEPT_SEC:
                    continue
                with open(place, "r+b", buffering=0) as file:
                    if _try_lock(file):
                        _remove(file, place)
            except OSError:
                continue  # Another process was faster.


def _open_private(place: Path) -> BinaryIO:
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    return open(os.open(place, flags, 0o600), "r+b", buffering=0)


def _try_lock(file: BinaryIO) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _lock(file: BinaryIO, check: Callable[[], None]) -> bool:
    """Takes the lock, which ends with the process, however that ends. Returns whether another one had it."""
    has_waited = False
    while not _try_lock(file):
        has_waited = True
        check()
        time.sleep(WAIT_SEC)
    return has_waited


def _is_at(file: BinaryIO, place: Path) -> bool:
    try:
        there = os.stat(place)
    except OSError:
        return False
    here = os.fstat(file.fileno())
    return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)


def _remove(file: BinaryIO, place: Path) -> None:
    if _is_at(file, place):
        try:
            os.unlink(place)
        except OSError:
            pass  # Windows keeps a file that is open. It is old one day.
