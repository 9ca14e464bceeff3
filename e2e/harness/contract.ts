// What the HTTP contract promises, written down a second time on purpose: these tests know the product from outside.

export type Status = 'awaiting_upload' | 'processing' | 'ready' | 'partial' | 'failed' | 'expired' | 'deleting'

export interface ResourceError {
  code: string
  message: string
  retryable: boolean
}

export interface Warning {
  code: string
  message: string
  detail: string
}

export interface Variant {
  name: string
  required: boolean
  status: string
  url: string
  contentType: string
  byteSize: number
  /** Null for what has no image. */
  width: number | null
  height: number | null
  sha256: string
}

export interface Asset {
  id: string
  revision: number
  status: Status
  kind: string | null
  filename: string
  contentType: string
  byteSize: number
  sha256: string | null
  width: number | null
  height: number | null
  durationMs: number | null
  pageCount: number | null
  animated: boolean | null
  facts: Record<string, unknown>
  placeholder: { thumbhash: string; dominantColor: string } | null
  original: { downloadUrl: string } | null
  variants: Variant[]
  job: { id: string; status: string; progress: number } | null
  error: ResourceError | null
  warnings: Warning[]
  readyAt: string | null
}

export interface Job {
  id: string
  assetId: string
  status: string
  attempt: number
  error: ResourceError | null
}

export interface Upload {
  id: string
  type: 'single'
  method: string
  url: string
  headers: Record<string, string>
  expiresAt: string
}

export interface UploadCreated {
  asset: Asset
  upload: Upload
  clientToken: string
}

export interface UploadConfirmed {
  asset: Asset
  job: Job
}

export interface AssetPage {
  items: Asset[]
  nextCursor: string | null
}

export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
  requestId: string
  errors?: { path: string; message: string }[]
}
