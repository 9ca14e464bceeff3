import type { Asset, Variant } from '@darkroom/contracts'
import { NO_DETAILS } from '@darkroom/contracts/no-details'

/** Creates a variant for tests; ready unless told otherwise. */
export const testVariant = (parts: Partial<Variant> & { name: string }): Variant => ({
  required: false,
  status: 'ready',
  url: `https://cdn.example/${parts.name}`,
  contentType: 'image/webp',
  byteSize: 1000,
  width: 640,
  height: 480,
  sha256: null,
  ...parts,
})

/** Creates an asset for tests; ready and without variants unless told otherwise. */
export const testAsset = (parts: Partial<Asset> = {}): Asset => ({
  id: 'a1',
  projectId: 'p1',
  ...NO_DETAILS,
  revision: 1,
  status: 'ready',
  kind: 'image',
  filename: 'cat.jpg',
  progress: 1,
  estimatedReadyAt: null,
  contentType: 'image/jpeg',
  byteSize: 5000,
  sha256: null,
  width: 1600,
  height: 1200,
  durationMs: null,
  pageCount: null,
  animated: null,
  placeholder: null,
  facts: {},
  preset: { name: 'default', version: 1 },
  original: null,
  variants: [],
  job: null,
  error: null,
  warnings: [],
  createdAt: '2026-01-01T00:00:00Z',
  confirmedAt: null,
  firstPreviewAt: null,
  readyAt: null,
  expiresAt: null,
  deleteAt: null,
  sourceExpiresAt: null,
  ...parts,
})
