"""Client of Darkroom, an open media pipeline: uploads that survive broken networks and crashes, and their results."""

from ._api import VERSION as __version__
from .client import Assets, Darkroom, Imports
from .errors import (
    ApiError,
    AssetFailedError,
    AuthenticationError,
    CancelledError,
    ConflictError,
    DarkroomError,
    DownloadError,
    FileChangedError,
    FileUnreadableError,
    GoneError,
    InvalidRequestError,
    NetworkError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    ServiceError,
    StoreError,
    WaitTimeoutError,
)
from .models import Asset, AssetSummary, Variant

__all__ = [
    "ApiError",
    "Asset",
    "AssetFailedError",
    "AssetSummary",
    "Assets",
    "AuthenticationError",
    "CancelledError",
    "ConflictError",
    "Darkroom",
    "DarkroomError",
    "DownloadError",
    "FileChangedError",
    "FileUnreadableError",
    "GoneError",
    "Imports",
    "InvalidRequestError",
    "NetworkError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitedError",
    "ServiceError",
    "StoreError",
    "Variant",
    "WaitTimeoutError",
    "__version__",
]
