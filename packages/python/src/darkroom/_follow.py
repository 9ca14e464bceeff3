"""Follows an asset until it is settled: by server-sent events, and by long polling where those do not get through."""

from __future__ import annotations

import json
import time
from typing import Any, Callable, Dict, Iterator, Optional

from ._api import Api, asset_path
from .errors import AssetFailedError, DarkroomError, WaitTimeoutError, error_of_answer

#: Nothing more happens to these by itself.
SETTLED = {"ready", "partial", "failed", "expired", "deleting", "deleted"}
READY = {"ready", "partial"}
#: The stream says something at least this often, or it has stalled.
SILENCE_SEC = 45.0
LONG_POLL_SEC = 25


class Deadline:
    def __init__(self, asset_id: str, timeout: float) -> None:
        self._asset_id = asset_id
        self._timeout = timeout
        self._end = time.monotonic() + timeout

    def left(self, at_most: float) -> float:
        """Returns the seconds that are left, capped. Raises WaitTimeoutError when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise WaitTimeoutError(self._asset_id, self._timeout)
        return min(left, at_most)


def wait_until_ready(api: Api, asset_id: str, timeout: float, on_change: Optional[Callable[[Any], None]]) -> Any:
    """Returns the asset when it is ready, or partly so. Raises AssetFailedError or WaitTimeoutError."""
    for asset in _changes(api, asset_id, Deadline(asset_id, timeout)):
        if on_change:
            on_change(asset)
        if asset["status"] in READY:
            return asset
        if asset["status"] in SETTLED:
            raise AssetFailedError(asset)
    raise AssertionError("polling ends with a settled asset only")


def _changes(api: Api, asset_id: str, deadline: Deadline) -> Iterator[Any]:
    try:
        yield from _streamed(api, asset_id, deadline)
    except WaitTimeoutError:
        raise
    except DarkroomError as error:
        # What refuses the stream for good refuses a poll with the same code, which is then raised.
        if not error.retryable:
            raise
    yield from _polled(api, asset_id, deadline)


def _streamed(api: Api, asset_id: str, deadline: Deadline) -> Iterator[Any]:
    """Yields the asset after each change, until the stream ends for whatever reason."""
    headers = {**api.headers, "Accept": "text/event-stream"}
    with api.transport.exchange("GET", f"{api.url}{asset_path(asset_id)}/events", headers) as exchange:
        if exchange.status != 200:
            raise error_of_answer(exchange.status, exchange.headers, exchange.read())
        if not exchange.headers.get("Content-Type", "").startswith("text/event-stream"):
            return
        for event in read_events(lambda: exchange.read_line(deadline.left(SILENCE_SEC))):
            if event.get("event") == "asset":
                yield json.loads(event["data"])


def read_events(read_line: Callable[[], bytes]) -> Iterator[Dict[str, str]]:
    """Parses a stream of server-sent events into their fields. Lines of `data` are joined."""
    event: Dict[str, str] = {}
    while True:
        raw = read_line()
        if not raw.endswith(b"\n"):
            return
        line = raw.decode("utf-8").rstrip("\r\n")
        if not line:
            if "data" in event:
                yield event
            event = {}
            continue
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name:
            event[name] = f"{event[name]}\n{value}" if name == "data" and "data" in event else value


def _polled(api: Api, asset_id: str, deadline: Deadline) -> Iterator[Any]:
    """Yields the asset now and after each change."""
    etag: Optional[str] = None
    while True:
        wait = int(deadline.left(LONG_POLL_SEC)) if etag else 0
        headers = {"If-None-Match": etag} if etag else {}
        answer = api.send("GET", asset_path(asset_id), query={"wait": wait}, headers=headers, wait=wait)
        etag = answer.headers.get("ETag")
        if answer.status == 304:
            if wait == 0:
                time.sleep(deadline.left(0.5))
            continue
        yield answer.body
