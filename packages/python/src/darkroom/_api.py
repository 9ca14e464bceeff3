"""Requests to the API: authentication, JSON, retries and problems."""

from __future__ import annotations

import json
import time
import uuid
from http.client import HTTPMessage
from typing import Any, Callable, Mapping, NamedTuple, Optional
from urllib.parse import quote, urlencode, urljoin, urlsplit

from ._retry import with_retries
from ._transport import Answer, Transport
from .errors import InvalidAnswerError, error_of_answer

VERSION = "0.1.0"


class ApiAnswer(NamedTuple):
    status: int
    headers: HTTPMessage
    #: Parsed JSON; None where there is no body.
    body: Any


class Api:
    """Speaks to one installation with one API key."""

    def __init__(self, url: str, key: str, transport: Transport, retries: int) -> None:
        self.url = url.rstrip("/")
        self.transport = transport
        self.retries = retries
        self._key = key

    @property
    def key_id(self) -> str:
        """The public part of the key, which tells keys apart and opens nothing."""
        return self._key[:11]

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._key}", "User-Agent": f"darkroom-python/{VERSION}"}

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """Sends a request as `send` does, and returns the JSON of its answer."""
        return self.send(method, path, body, **options).body

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Optional[Mapping[str, Any]] = None,
        headers: Optional[Mapping[str, str]] = None,
        wait: float = 0,
        retries: Optional[int] = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> ApiAnswer:
        """Sends a request, and again after a passing fault: each POST has an `Idempotency-Key`.

        `wait` is how many seconds more the answer may take. Raises ApiError, NetworkError or InvalidAnswerError.
        """
        all_headers = {**self.headers, **(headers or {})}
        if method == "POST":
            all_headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
        content = b""
        if body is not None:
            all_headers["Content-Type"] = "application/json"
            content = json.dumps(body).encode()
        url = self.url + path + _query(query)

        def attempt() -> ApiAnswer:
            answer = self.transport.request(method, url, all_headers, content, answer_within=wait)
            if answer.status >= 400:
                raise error_of_answer(answer.status, answer.headers, answer.body)
            return ApiAnswer(answer.status, answer.headers, _json_of(answer, url))

        return with_retries(attempt, retries=self.retries if retries is None else retries, pause=pause)


def asset_path(asset_id: str) -> str:
    return f"/v1/assets/{quote(asset_id, safe='')}"


def _json_of(answer: Answer, url: str) -> Any:
    """Returns None without a body. Raises InvalidAnswerError for what no Darkroom answers."""
    if answer.status in (204, 304):
        return None
    # It is not followed: the key is for this server alone, and a POST would become a GET.
    if answer.status >= 300:
        place = urlsplit(urljoin(url, answer.headers.get("Location") or ""))
        raise InvalidAnswerError(f"The server redirects to {place.scheme}://{place.netloc}.")
    try:
        return json.loads(answer.body)
    except ValueError as error:
        raise InvalidAnswerError("The server answered with something else than JSON.") from error


def _query(query: Optional[Mapping[str, Any]]) -> str:
    given = {name: value for name, value in (query or {}).items() if value is not None}
    return "?" + urlencode(given) if given else ""
