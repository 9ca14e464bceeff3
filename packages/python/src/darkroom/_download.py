"""Downloads an original or a variant, going on where a broken connection ended, and checks what arrived."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, BinaryIO, Dict, Optional, Union
from urllib.parse import urlencode, urljoin

from ._api import Api
from ._retry import with_retries
from ._transport import Exchange
from .errors import DownloadError, StoreError, error_of_answer, retry_after_sec

Target = Union[str, "os.PathLike[str]", BinaryIO]

READ_BYTES = 256 * 1024
MAX_REDIRECTS = 3


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


#: Read once, because reading it changes it for a moment, for all threads.
UMASK = _umask()


class _Partial:
    """A temporary file with what has arrived so far."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.etag: Optional[str] = None
        self.size = 0
        self.digest = hashlib.sha256()

    def restart(self, etag: Optional[str]) -> None:
        self.file.seek(0)
        self.file.truncate()
        self.etag, self.size, self.digest = etag, 0, hashlib.sha256()

    def add(self, chunk: bytes) -> None:
        self.file.write(chunk)
        self.digest.update(chunk)
        self.size += len(chunk)


def download(api: Api, asset: Any, target: Target, variant: Optional[str], pause: Any) -> None:
    """Writes a file whole or not at all: it arrives in a temporary file beside the target."""
    if isinstance(target, (str, os.PathLike)):
        path = Path(target)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                _fetch(api, asset, file, variant, pause)
            os.chmod(name, 0o666 & ~UMASK)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    else:
        with tempfile.TemporaryFile() as file:
            _fetch(api, asset, file, variant, pause)
            file.seek(0)
            shutil.copyfileobj(file, target, READ_BYTES)


def _fetch(api: Api, asset: Any, file: BinaryIO, variant: Optional[str], pause: Any) -> None:
    partial = _Partial(file)
    with_retries(lambda: _read_rest(api, asset["id"], variant, partial), retries=api.retries, pause=pause)
    expected = _sha256_of(asset, variant)
    if expected and partial.digest.hexdigest() != expected:
        raise DownloadError("The bytes that arrived do not have the SHA-256 of the asset.")


def _sha256_of(asset: Any, variant: Optional[str]) -> Optional[str]:
    if variant is None:
        return str(asset["sha256"]) if asset["sha256"] else None
    found = next((each for each in asset["variants"] if each["name"] == variant), None)
    # A playlist or a storyboard is answered with URLs that are signed for this download.
    is_index = found is None or (found["contentType"] or "") in ("application/vnd.apple.mpegurl", "text/vtt")
    return None if is_index or found is None else found["sha256"]


def _read_rest(api: Api, asset_id: str, variant: Optional[str], partial: _Partial) -> None:
    query = {"variant": variant} if variant is not None else {}
    url = f"{api.url}/v1/assets/{asset_id}/download" + (f"?{urlencode(query)}" if query else "")
    answer = api.transport.request("GET", url, api.headers)
    for _ in range(MAX_REDIRECTS):
        if answer.status not in (301, 302, 303, 307, 308):
            break
        url = urljoin(url, answer.headers["Location"])
        # The signed URL is all that this server needs; it never gets the key.
        with api.transport.exchange("GET", url, _range_of(partial)) as exchange:
            if exchange.status in (200, 206):
                return _receive(exchange, partial)
            if exchange.status >= 400:
                raise StoreError(exchange.status, retry_after_sec(exchange.headers.get("Retry-After")))
            answer = answer._replace(status=exchange.status, headers=exchange.headers)
    raise error_of_answer(answer.status, answer.headers, answer.body)


def _range_of(partial: _Partial) -> Dict[str, str]:
    if partial.size == 0 or not partial.etag:
        return {}
    return {"Range": f"bytes={partial.size}-", "If-Range": partial.etag}


def _receive(exchange: Exchange, partial: _Partial) -> None:
    etag = exchange.headers.get("ETag")
    if exchange.status == 200:
        partial.restart(etag)
    left = int(exchange.headers.get("Content-Length") or -1)
    while left != 0:
        chunk = exchange.read_some(READ_BYTES)
        if not chunk:
            break
        partial.add(chunk)
        left -= len(chunk) if left > 0 else 0
    if left > 0:
        raise DownloadError(f"The connection ended {left} bytes too early.")
