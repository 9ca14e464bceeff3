"""When something is tried again, and how long to wait before."""

from __future__ import annotations

import random
from itertools import count
from typing import Callable, TypeVar

from .errors import DarkroomError, StoreError

T = TypeVar("T")

FIRST_DELAY_SEC = 0.5
MAX_DELAY_SEC = 30.0
#: The longest wait that a server may ask for.
MAX_RETRY_AFTER_SEC = 60.0
#: A store that refuses with 4xx does so for an expired URL or damaged bytes, or for good.
MAX_REFUSALS = 3


def with_retries(attempt: Callable[[], T], *, retries: int, pause: Callable[[float], None]) -> T:
    """Runs `attempt`, and again while its error is retryable, at most `retries` times. Give it idempotent work only."""
    for retry in count():
        try:
            return attempt()
        except DarkroomError as error:
            if not error.retryable or retry >= _limit(error, retries):
                raise
            pause(delay_sec(retry, error))
    raise AssertionError("count() never ends")


def _limit(error: DarkroomError, retries: int) -> int:
    is_refusal = isinstance(error, StoreError) and error.status < 500 and error.status not in (408, 429)
    return min(retries, MAX_REFUSALS) if is_refusal else retries


def delay_sec(retry: int, error: DarkroomError) -> float:
    """Returns the delay before retry 0, 1, 2 …: what the server asks for, else doubling with jitter, in seconds."""
    asked = getattr(error, "retry_after", None)
    if asked is not None:
        return float(min(MAX_RETRY_AFTER_SEC, asked))
    return min(MAX_DELAY_SEC, FIRST_DELAY_SEC * 2.0**retry) * random.uniform(0.5, 1.0)
