"""Types of what the API answers. Ignore fields and values that you do not know: new ones can be added at any time."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, TypedDict


class ResourceError(TypedDict):
    code: str
    message: str
    retryable: bool


class Placeholder(TypedDict):
    thumbhash: str
    dominantColor: str


class PresetRef(TypedDict):
    name: str
    version: int


class Original(TypedDict):
    downloadUrl: str


class _Variant(TypedDict):
    name: str
    required: bool
    status: str
    url: Optional[str]
    contentType: Optional[str]
    byteSize: Optional[int]
    width: Optional[int]
    height: Optional[int]
    sha256: Optional[str]


class Variant(_Variant, total=False):
    error: ResourceError


class _AssetJob(TypedDict):
    id: str
    status: str
    progress: float
    stage: Optional[str]


class AssetJob(_AssetJob, total=False):
    error: ResourceError


class AssetSummary(TypedDict):
    """An asset as in lists."""

    id: str
    projectId: str
    externalId: Optional[str]
    revision: int
    status: str
    kind: Optional[str]
    filename: str
    folder: str
    contentType: str
    byteSize: int
    sha256: Optional[str]
    tags: List[str]
    width: Optional[int]
    height: Optional[int]
    durationMs: Optional[int]
    pageCount: Optional[int]
    animated: Optional[bool]
    placeholder: Optional[Placeholder]
    progress: float
    error: Optional[ResourceError]
    warnings: List[Dict[str, Any]]
    createdAt: str
    confirmedAt: Optional[str]
    readyAt: Optional[str]
    expiresAt: Optional[str]
    deleteAt: Optional[str]
    preview: Optional[Dict[str, Any]]


class Asset(TypedDict):
    """An asset with all that is known of it. Sizes are in bytes, lengths in pixels, times in ISO 8601, UTC."""

    id: str
    projectId: str
    externalId: Optional[str]
    folder: str
    tags: List[str]
    metadata: Dict[str, Any]
    title: Optional[str]
    altText: Optional[str]
    description: Optional[str]
    focalPoint: Optional[Dict[str, float]]
    revision: int
    status: str
    kind: Optional[str]
    filename: str
    contentType: str
    byteSize: int
    sha256: Optional[str]
    width: Optional[int]
    height: Optional[int]
    durationMs: Optional[int]
    pageCount: Optional[int]
    animated: Optional[bool]
    placeholder: Optional[Placeholder]
    facts: Dict[str, Any]
    preset: PresetRef
    original: Optional[Original]
    variants: List[Variant]
    job: Optional[AssetJob]
    progress: float
    estimatedReadyAt: Optional[str]
    error: Optional[ResourceError]
    warnings: List[Dict[str, Any]]
    createdAt: str
    confirmedAt: Optional[str]
    firstPreviewAt: Optional[str]
    readyAt: Optional[str]
    expiresAt: Optional[str]
    deleteAt: Optional[str]
    sourceExpiresAt: Optional[str]
