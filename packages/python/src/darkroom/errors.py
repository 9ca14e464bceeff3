"""What can go wrong, each with a stable code and what to do."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from http.client import HTTPMessage
from time import time
from typing import Any, Mapping, Optional

ADVICE = {
    "UNAUTHORIZED": "Pass a valid API key of this installation.",
    "FORBIDDEN": "Use an API key with the scope that the message names.",
    "NOT_FOUND": "Check the id, and the project of the API key.",
    "UNSUPPORTED_TYPE": "Send a file of a supported type. GET /v1/status lists them.",
    "DECODER_UNAVAILABLE": "This installation cannot process such files. Ask its operator.",
    "TOO_LARGE": "Send a smaller file, or ask the operator to raise the limit.",
    "EMPTY_FILE": "Send a file that has bytes.",
    "QUOTA_EXCEEDED": "Delete assets that are no longer needed, then upload again.",
    "EXTERNAL_ID_TAKEN": "Find the asset with assets.list(external_id=…), or use another id.",
    "UPLOAD_EXPIRED": "Upload the file again.",
    "ASSET_DELETED": "Upload the file again.",
    "CHECKSUM_MISMATCH": "The file changed while it was sent. Upload it again.",
    "TYPE_MISMATCH": "Rename the file with the correct extension, or pass content_type.",
    "CONTENT_BLOCKED": "This file was taken down. Ask the operator why.",
    "RATE_LIMITED": "Wait for retry_after seconds, or send less at once.",
    "URL_NOT_ALLOWED": "Pass an http or https URL of the public internet.",
    "NETWORK": "Check the URL and the connection, then call again.",
    "INVALID_ANSWER": "Pass the URL of Darkroom itself, and check the proxies on the way.",
    "STORE_REFUSED": "Call again. An interrupted upload continues where it was.",
    "FILE_UNREADABLE": "Check that the file exists and may be read.",
    "FILE_CHANGED": "Upload the file again when nothing writes to it any more.",
    "CANCELLED": "Call upload again to continue.",
    "WAIT_TIMEOUT": "Call wait_until_ready again, or use a webhook.",
    "INCOMPLETE_DOWNLOAD": "Call again.",
}


class DarkroomError(Exception):
    """Base of all errors of this package.

    `code` is stable and meant for programs, `detail` says what happened, `advice` what to do.
    """

    #: Whether the same call may succeed later.
    retryable = False

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail

    @property
    def advice(self) -> str:
        return ADVICE.get(self.code, "See docs/errors.md for this code.")


class NetworkError(DarkroomError):
    """Nothing answered, or the connection broke or stalled (`NETWORK`)."""

    retryable = True

    def __init__(self, detail: str) -> None:
        super().__init__("NETWORK", detail)


class InvalidAnswerError(DarkroomError):
    """What answered is no Darkroom, such as a server that redirects to another URL (`INVALID_ANSWER`)."""

    def __init__(self, detail: str) -> None:
        super().__init__("INVALID_ANSWER", detail)


class StoreError(DarkroomError):
    """The object store refused bytes or a download with an HTTP status (`STORE_REFUSED`)."""

    retryable = True

    def __init__(self, status: int, retry_after: Optional[float] = None) -> None:
        super().__init__("STORE_REFUSED", f"The object store responded with {status}.")
        self.status = status
        self.retry_after = retry_after


class FileUnreadableError(DarkroomError):
    """The file to upload cannot be read (`FILE_UNREADABLE`)."""

    def __init__(self, detail: str) -> None:
        super().__init__("FILE_UNREADABLE", detail)


class FileChangedError(DarkroomError):
    """The file changed while it was sent (`FILE_CHANGED`). Nothing of it is left in the service."""

    def __init__(self, name: str) -> None:
        super().__init__("FILE_CHANGED", f"{name} changed during its upload.")


class CancelledError(DarkroomError):
    """The caller set the event that cancels an upload (`CANCELLED`)."""

    def __init__(self) -> None:
        super().__init__("CANCELLED", "The upload was cancelled.")


class WaitTimeoutError(DarkroomError):
    """The asset is not settled within the time that was allowed (`WAIT_TIMEOUT`)."""

    retryable = True

    def __init__(self, asset_id: str, timeout: float) -> None:
        super().__init__("WAIT_TIMEOUT", f"Asset {asset_id} is not settled after {timeout:g} s.")


class DownloadError(DarkroomError):
    """What arrived is not what the asset has (`INCOMPLETE_DOWNLOAD`). No file was written."""

    retryable = True

    def __init__(self, detail: str) -> None:
        super().__init__("INCOMPLETE_DOWNLOAD", detail)


class AssetFailedError(DarkroomError):
    """An asset failed, expired or was deleted. `code` is that of the asset, and `asset` all of it."""

    def __init__(self, asset: Mapping[str, Any]) -> None:
        error = asset.get("error")
        if error:
            super().__init__(error["code"], error["message"])
            self.retryable = bool(error["retryable"])
        elif asset["status"] == "expired":
            super().__init__("UPLOAD_EXPIRED", "The upload was not completed in time.")
        else:
            super().__init__("ASSET_DELETED", f"The asset is {asset['status']}.")
        self.asset = asset


class ApiError(DarkroomError):
    """A problem document (RFC 9457) of the API.

    `request_id` finds the request in the logs, `errors` lists invalid fields, `help_url` explains the code,
    `retry_after` is in seconds.
    """

    def __init__(self, status: int, problem: Mapping[str, Any], headers: HTTPMessage) -> None:
        code = problem.get("code")
        detail = problem.get("detail")
        errors = problem.get("errors") or []
        fields = "".join(f" {fault.get('path')}: {fault.get('message')}" for fault in errors)
        super().__init__(
            code if isinstance(code, str) else _code_of_status(status),
            (detail if isinstance(detail, str) else f"The API responded with {status}.") + fields,
        )
        self.status = status
        self.errors = errors
        self.help_url: Optional[str] = problem.get("type")
        self.request_id: Optional[str] = problem.get("requestId") or headers.get("X-Request-Id")
        self.retry_after = retry_after_sec(headers.get("Retry-After"))
        self.retryable = status in (408, 429) or status >= 500 or self.retry_after is not None

    @property
    def advice(self) -> str:
        return ADVICE.get(self.code) or (f"See {self.help_url}." if self.help_url else super().advice)


class InvalidRequestError(ApiError):
    """400, 413, 415 or 422: the request or the file is not accepted."""


class AuthenticationError(ApiError):
    """401: no valid API key."""


class PermissionDeniedError(ApiError):
    """403: the API key lacks a scope."""


class NotFoundError(ApiError):
    """404: no such resource in the project of the API key."""


class ConflictError(ApiError):
    """409 or 412: the state of the resource does not allow it."""


class GoneError(ApiError):
    """410: deleted or expired."""


class RateLimitedError(ApiError):
    """429: too many requests, see `retry_after`."""


class ServiceError(ApiError):
    """5xx: the service or its store cannot answer now."""


_CLASSES = {
    400: InvalidRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    410: GoneError,
    412: ConflictError,
    413: InvalidRequestError,
    415: InvalidRequestError,
    422: InvalidRequestError,
    429: RateLimitedError,
}


def error_of_answer(status: int, headers: HTTPMessage, body: bytes) -> ApiError:
    """Makes the error for an answer that is no success. Not every proxy on the way sends a problem document."""
    try:
        problem = json.loads(body)
    except ValueError:
        problem = None
    kind = ServiceError if status >= 500 else _CLASSES.get(status, ApiError)
    return kind(status, problem if isinstance(problem, dict) else {}, headers)


def _code_of_status(status: int) -> str:
    codes = {401: "UNAUTHORIZED", 404: "NOT_FOUND", 429: "RATE_LIMITED", 502: "UNAVAILABLE", 503: "UNAVAILABLE"}
    return codes.get(status, "INTERNAL")


def retry_after_sec(header: Optional[str]) -> Optional[float]:
    """Reads `Retry-After`, in seconds or as a date. Returns seconds from now, None when absent or invalid."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time())
    except (TypeError, ValueError):
        return None
