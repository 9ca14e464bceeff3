"""One upload: begun or continued, sent in one piece or in parts, confirmed."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import Any, Callable, Dict, Iterator, List, Mapping, NamedTuple, Optional, Set, Tuple

from ._api import Api
from ._record import CONFIRMED, TAKEN_BACK, FileRecord, Record
from ._retry import with_retries
from ._source import Source
from ._transport import CHUNK_BYTES, Body
from .errors import ApiError, CancelledError, DarkroomError, FileChangedError, StoreError, retry_after_sec

#: Larger files go up in parts, so that a broken connection costs a part and not the file.
IN_PARTS_FROM_BYTES = 50_000_000
#: How often what arrived is compared with what was sent, and the difference sent again.
ROUNDS = 4
#: Parts whose URLs are asked for in one request.
SIGNED_AT_ONCE = 16
#: Codes of a confirm which say that bytes are missing or wrong, so that they have to be sent again.
INCOMPLETE = {"UPLOAD_INCOMPLETE", "INVALID_PARTS", "SIZE_MISMATCH"}
#: Codes of an upload that was begun before and is no more.
GONE = {"NOT_FOUND", "ASSET_DELETED", "UPLOAD_EXPIRED", "IDEMPOTENCY_MISMATCH"}
PAUSE_STEP_SEC = 0.2

OnProgress = Callable[[int, int], None]


class Options(NamedTuple):
    parallel: int
    retries: int
    on_progress: Optional[OnProgress]
    cancel: Optional[threading.Event]


class Control:
    """Ends all threads of an upload when one fails or the caller cancels, and waits with that in view."""

    def __init__(self, cancel: Optional[threading.Event]) -> None:
        self._cancel = cancel
        self._failed = threading.Event()
        #: Those on which bytes are being sent.
        self.sockets: Set[socket.socket] = set()

    def fail(self) -> None:
        self._failed.set()
        # Or a thread that waits for a silent store would keep the caller for minutes, after Ctrl-C as well.
        for sock in list(self.sockets):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def check(self) -> None:
        if self._failed.is_set() or (self._cancel is not None and self._cancel.is_set()):
            raise CancelledError()

    def pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while True:
            self.check()
            left = end - time.monotonic()
            if left <= 0:
                return
            self._failed.wait(min(left, PAUSE_STEP_SEC))


class Progress:
    """Adds up the bytes of all parts and reports the sum, one thread at a time."""

    def __init__(self, byte_size: int, report: Optional[OnProgress]) -> None:
        self._byte_size = byte_size
        self._report = report
        self._sent: Dict[int, int] = {}
        self._lock = threading.Lock()

    def set(self, part_number: int, sent: int) -> None:
        with self._lock:
            self._sent[part_number] = sent
            if self._report:
                self._report(sum(self._sent.values()), self._byte_size)


class SignedParts:
    """The URLs of parts, each used once: a part that failed gets a fresh one."""

    def __init__(self, upload: Mapping[str, Any], sign: Callable[[List[int]], List[Mapping[str, Any]]]) -> None:
        self._urls = {part["partNumber"]: part["url"] for part in upload["parts"]}
        self._sign = sign
        self._lock = threading.Lock()

    def take(self, part_number: int, part_count: int) -> str:
        with self._lock:
            if part_number not in self._urls:
                last = min(part_count, part_number + SIGNED_AT_ONCE - 1)
                for part in self._sign(list(range(part_number, last + 1))):
                    self._urls[part["partNumber"]] = part["url"]
            return str(self._urls.pop(part_number))

    def forget(self) -> None:
        """Drops URLs that were signed together with one that failed, and may have expired with it."""
        with self._lock:
            self._urls.clear()


class Upload:
    def __init__(self, api: Api, source: Source, body: Mapping[str, Any], record: Record, options: Options) -> None:
        self._api = api
        self._source = source
        self._body = body
        self._record = record
        self._options = options
        self._control = Control(options.cancel)
        self._progress = Progress(source.byte_size, options.on_progress)
        self._may_have_arrived = False

    def run(self) -> Any:
        """Returns the asset once its bytes are confirmed. What cannot be continued later is taken back."""
        try:
            asset = self._run()
        except BaseException as error:
            if not self._record.is_resumable or _is_final(error):
                self._take_back()
            raise
        self._record.save(end=CONFIRMED)
        return asset

    def _run(self) -> Any:
        self._take_back_superseded()
        upload, asset = self._begin()
        for last in (False,) * (ROUNDS - 1) + (True,):
            if upload is None:
                break
            self._send(upload)
            self._source.check_unchanged()
            try:
                asset, upload = self._confirm(), None
            except ApiError as error:
                if error.code not in INCOMPLETE or last:
                    raise
                upload = self._renew()
        return asset

    def _begin(self) -> Tuple[Optional[Mapping[str, Any]], Any]:
        """Returns where to send what is missing; None, with the asset, if there is nothing to send."""
        try:
            return self._continue() if self._record.upload_id else self._create()
        except ApiError as error:
            if error.code not in GONE or not self._record.idempotency_key:
                raise
        self._record.begin_anew()
        return self._create()

    def _continue(self) -> Tuple[Optional[Mapping[str, Any]], Any]:
        """Goes on with an upload that another process began, and perhaps ended."""
        try:
            return self._renew(), None
        except ApiError as error:
            if error.code != "UPLOAD_CONFIRMED":
                raise
        return None, self._confirm()

    def _create(self) -> Tuple[Optional[Mapping[str, Any]], Any]:
        key = self._record.idempotency_key
        self._may_have_arrived = key is not None
        # On disk before it is sent: a process that is killed now finds the same upload again by the key.
        key = key or str(uuid.uuid4())
        self._record.save(idempotencyKey=key)
        created = self._post("/v1/uploads", self._body, {"Idempotency-Key": key})
        upload, asset = created["upload"], created["asset"]
        self._record.save(uploadId=upload["id"])
        return (None, asset) if upload["type"] == "none" else (upload, asset)

    def _post(self, path: str, body: Any = None, headers: Optional[Mapping[str, str]] = None) -> Any:
        return self._api.call(
            "POST", path, body, headers=headers, retries=self._options.retries, pause=self._control.pause
        )

    @property
    def _path(self) -> str:
        return f"/v1/uploads/{self._record.upload_id}"

    def _renew(self) -> Any:
        self._may_have_arrived = True
        return self._post(f"{self._path}/renew")["upload"]

    def _confirm(self) -> Any:
        return self._post(f"{self._path}/confirm")["asset"]

    def _take_back_superseded(self) -> None:
        old = self._record.superseded_upload_id if isinstance(self._record, FileRecord) else None
        if old:
            self._abort(old)

    def _take_back(self) -> None:
        """Aborts the upload, so that the store keeps no part of it. Without an answer it expires by itself."""
        if self._record.upload_id:
            self._abort(self._record.upload_id)
        self._record.save(end=TAKEN_BACK)

    def _abort(self, upload_id: str) -> None:
        try:
            self._api.call("DELETE", f"/v1/uploads/{upload_id}", retries=1)
        except DarkroomError:
            pass

    def _send(self, upload: Mapping[str, Any]) -> None:
        present = self._arrived_parts() if self._may_have_arrived else set()
        if present is None:
            self._progress.set(1, self._source.byte_size)
        elif upload["type"] == "multipart":
            self._send_parts(upload, present)
        else:
            self._send_single(upload)

    def _arrived_parts(self) -> Optional[Set[int]]:
        """Asks which parts the store has. None: it has the whole object."""
        state = self._api.call("GET", self._path, retries=self._options.retries, pause=self._control.pause)
        if not state["parts"] and state["receivedBytes"] == self._source.byte_size:
            return None
        return {part["partNumber"] for part in state["parts"] or []}

    def _send_single(self, upload: Mapping[str, Any]) -> None:
        fresh = [upload]

        def attempt() -> None:
            signed = fresh.pop() if fresh else self._renew()
            self._put(signed["url"], signed["headers"], 1, 0, self._source.byte_size)

        with_retries(attempt, retries=self._options.retries, pause=self._control.pause)

    def _send_parts(self, upload: Mapping[str, Any], present: Set[int]) -> None:
        size, count = upload["partSize"], upload["partCount"]

        def sign(numbers: List[int]) -> List[Mapping[str, Any]]:
            parts: List[Mapping[str, Any]] = self._post(f"{self._path}/parts", {"partNumbers": numbers})["parts"]
            return parts

        signed = SignedParts(upload, sign)

        def bounds(number: int) -> Tuple[int, int]:
            start = (number - 1) * size
            return start, min(size, self._source.byte_size - start)

        def send(number: int) -> None:
            start, length = bounds(number)

            def attempt() -> None:
                try:
                    self._put(signed.take(number, count), {}, number, start, length)
                except StoreError:
                    signed.forget()
                    raise

            with_retries(attempt, retries=self._options.retries, pause=self._control.pause)

        for number in present:
            self._progress.set(number, bounds(number)[1])
        missing = [number for number in range(1, count + 1) if number not in present]
        self._in_parallel(send, missing)

    def _in_parallel(self, send: Callable[[int], None], numbers: List[int]) -> None:
        """Runs `send` for all numbers, several at once. The first failure ends the others and is raised."""
        with ThreadPoolExecutor(max_workers=self._options.parallel, thread_name_prefix="darkroom") as pool:
            futures = [pool.submit(send, number) for number in numbers]
            try:
                done, _ = wait(futures, return_when=FIRST_EXCEPTION)
                for future in done:
                    future.result()
            except BaseException:
                self._control.fail()
                for future in futures:
                    future.cancel()
                raise

    def _put(self, url: str, headers: Mapping[str, str], number: int, start: int, length: int) -> None:
        answer = self._api.transport.request(
            "PUT",
            url,
            {**headers, "Content-Length": str(length)},
            self._chunks(number, start, length),
            in_use=self._control.sockets,
        )
        if answer.status >= 300:
            raise StoreError(answer.status, retry_after_sec(answer.headers.get("Retry-After")))
        self._progress.set(number, length)

    def _chunks(self, number: int, start: int, length: int) -> Body:
        def chunks() -> Iterator[bytes]:
            sent = 0
            for chunk in self._source.chunks(start, length, CHUNK_BYTES):
                self._control.check()
                yield chunk
                sent += len(chunk)
                if sent < length:
                    self._progress.set(number, sent)

        return chunks


def _is_final(error: BaseException) -> bool:
    """Tells whether going on with the same upload cannot help. Another key may be allowed what this one is not."""
    if isinstance(error, ApiError):
        return not error.retryable and error.status not in (401, 403)
    return isinstance(error, FileChangedError)
