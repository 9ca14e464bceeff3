"""The client of one Darkroom installation."""

from __future__ import annotations

import hashlib
import json
import os
import ssl
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Callable, Dict, Iterator, Mapping, Optional, Sequence, Type, Union, cast

from ._api import Api, asset_path
from ._download import Target, download
from ._follow import wait_until_ready
from ._record import Record, Records, default_state_dir
from ._source import File, Source, open_source
from ._transport import Transport
from ._upload import IN_PARTS_FROM_BYTES, Control, OnProgress, Options, Upload
from .models import Asset, AssetSummary


class Darkroom:
    """Uploads files to an installation and reads its assets. May be shared by threads.

    `url` is where the API is, `key` an API key. `timeout` is how many seconds a connection may be silent. `retries` is
    how often a request is repeated after a passing fault, with growing delays: 0.5, 1, 2, 4 seconds. `state_dir` is
    where interrupted uploads are remembered, by default `~/.local/state/darkroom`.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout: float = 30.0,
        retries: int = 4,
        state_dir: Union[str, "os.PathLike[str]", None] = None,
        ssl_context: Optional[ssl.SSLContext] = None,
    ) -> None:
        self._transport = Transport(timeout, ssl_context)
        self._api = Api(url, key, self._transport, retries)
        folder = Path(state_dir) if state_dir is not None else default_state_dir()
        self._records = Records(folder, self._api.url, self._api.key_id)
        self.assets = Assets(self._api)
        self.imports = Imports(self._api)

    def upload(
        self,
        file: File,
        *,
        filename: Optional[str] = None,
        content_type: Optional[str] = None,
        preset: Optional[str] = None,
        external_id: Optional[str] = None,
        folder: Optional[str] = None,
        metadata: Optional[Mapping[str, Any]] = None,
        tags: Optional[Sequence[str]] = None,
        title: Optional[str] = None,
        alt_text: Optional[str] = None,
        description: Optional[str] = None,
        focal_point: Optional[Mapping[str, float]] = None,
        multipart: Optional[bool] = None,
        part_size: Optional[int] = None,
        parallel: int = 4,
        retries: int = 10,
        on_progress: Optional[OnProgress] = None,
        cancel: Optional[threading.Event] = None,
        resume: bool = True,
    ) -> Asset:
        """Uploads a path, bytes or a binary file object, and confirms it. Returns the asset, which is being processed.

        The SHA-256 is computed before anything is sent, and checked by the service; bytes that the project has already
        are not sent again. Without `content_type`, the extension of the name decides. Files above 50 MB go up in parts,
        `parallel` at once; `part_size` in bytes asks for parts of that size. A call for a path that was interrupted,
        also by a crash, continues where it was; `resume=False` begins anew. `on_progress` gets bytes sent and bytes in
        all, from several threads, one at a time; after a fault the number may go back. Set `cancel` to end the upload;
        that of a path can be continued later.

        Raises ApiError, NetworkError, StoreError, FileUnreadableError, FileChangedError or CancelledError.
        """
        options = Options(parallel, retries, on_progress, cancel)
        check = Control(cancel).check
        with open_source(file, filename) as source:
            body = _without_none(
                filename=source.name,
                contentType=content_type or "application/octet-stream",
                byteSize=source.byte_size,
                sha256=source.sha256(check),
                preset=preset,
                externalId=external_id,
                folder=folder,
                metadata=metadata,
                tags=list(tags) if tags is not None else None,
                title=title,
                altText=alt_text,
                description=description,
                focalPoint=focal_point,
                multipart=_wants_parts(source, multipart, part_size),
                partSize=part_size,
            )
            return cast(Asset, self._run(source, body, options, check, resume))

    def _run(
        self, source: Source, body: Mapping[str, Any], options: Options, check: Callable[[], None], resume: bool
    ) -> Any:
        subject = {"declared": hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()}
        if source.path is None or not resume:
            return Upload(self._api, source, body, Record(subject), options).run()
        with self._records.lend(source.path, subject, check) as record:
            return Upload(self._api, source, body, record, options).run()

    def wait_until_ready(
        self,
        asset: Union[str, Mapping[str, Any]],
        *,
        timeout: float = 600.0,
        on_change: Optional[Callable[[Asset], None]] = None,
    ) -> Asset:
        """Waits until an asset, or the asset with this id, is `ready` or `partial`, and returns it.

        `on_change` gets the asset now and after each change. Raises AssetFailedError, or WaitTimeoutError after
        `timeout` seconds.
        """
        return cast(Asset, wait_until_ready(self._api, _id_of(asset), timeout, on_change))

    def request(self, method: str, path: str, body: Any = None, *, query: Optional[Mapping[str, Any]] = None) -> Any:
        """Sends any other request of the API, such as `request("GET", "/v1/usage")`. Returns the JSON of the answer."""
        return self._api.call(method, path, body, query=query)

    def close(self) -> None:
        """Closes connections that are kept. The client opens new ones when it is used again."""
        self._transport.close()

    def __enter__(self) -> "Darkroom":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


class Assets:
    """Files of the project of the API key."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def get(self, asset_id: str) -> Asset:
        return cast(Asset, self._api.call("GET", asset_path(asset_id)))

    def list(
        self,
        *,
        status: Optional[str] = None,
        kind: Optional[str] = None,
        tag: Optional[str] = None,
        external_id: Optional[str] = None,
        folder: Optional[str] = None,
        sha256: Optional[str] = None,
        q: Optional[str] = None,
        created_after: Optional[str] = None,
        created_before: Optional[str] = None,
        sort: Optional[str] = None,
    ) -> Iterator[AssetSummary]:
        """Yields all assets that fit, page by page, so that a long list is never held in memory."""
        query: Dict[str, Any] = {
            "status": status,
            "kind": kind,
            "tag": tag,
            "externalId": external_id,
            "folder": folder,
            "sha256": sha256,
            "q": q,
            "createdAfter": created_after,
            "createdBefore": created_before,
            "sort": sort,
            "limit": 200,
        }
        while True:
            page = self._api.call("GET", "/v1/assets", query=query)
            yield from page["items"]
            if page["nextCursor"] is None:
                return
            query["cursor"] = page["nextCursor"]

    def update(self, asset_id: str, **changes: Any) -> Asset:
        """Changes fields by their names in the API, such as `filename`, `addTags` or `metadata`."""
        return cast(Asset, self._api.call("PATCH", asset_path(asset_id), changes))

    def delete(self, asset_id: str) -> Asset:
        """Deletes an asset with all its files. Returns it as `deleting`."""
        return cast(Asset, self._api.call("DELETE", asset_path(asset_id)))

    def download(self, asset_id: str, target: Target, *, variant: Optional[str] = None) -> None:
        """Writes the original, or a variant, to a path or a binary file object, whole or not at all.

        A broken connection is continued. Raises DownloadError when the bytes do not have the SHA-256 of the asset.
        """
        download(self._api, self.get(asset_id), target, variant, time.sleep)


class Imports:
    """Files that the service downloads from a URL."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def create(
        self,
        url: str,
        *,
        filename: Optional[str] = None,
        content_type: Optional[str] = None,
        preset: Optional[str] = None,
        external_id: Optional[str] = None,
        folder: Optional[str] = None,
        metadata: Optional[Mapping[str, Any]] = None,
        tags: Optional[Sequence[str]] = None,
        title: Optional[str] = None,
        alt_text: Optional[str] = None,
        description: Optional[str] = None,
        focal_point: Optional[Mapping[str, float]] = None,
    ) -> Asset:
        """Starts an import and returns its asset at once. A failed download shows in `wait_until_ready`."""
        body = _without_none(
            url=url,
            filename=filename,
            contentType=content_type,
            preset=preset,
            externalId=external_id,
            folder=folder,
            metadata=metadata,
            tags=list(tags) if tags is not None else None,
            title=title,
            altText=alt_text,
            description=description,
            focalPoint=focal_point,
        )
        return cast(Asset, self._api.call("POST", "/v1/imports", body)["asset"])


def _wants_parts(source: Source, multipart: Optional[bool], part_size: Optional[int]) -> Optional[bool]:
    """Returns None where the service decides."""
    if multipart is not None:
        return multipart
    return True if part_size is not None or source.byte_size > IN_PARTS_FROM_BYTES else None


def _without_none(**values: Any) -> Dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _id_of(asset: Union[str, Mapping[str, Any]]) -> str:
    return asset if isinstance(asset, str) else str(asset["id"])
