import { NO_DETAILS } from '@darkroom/contracts'
import type { JobAttemptRow } from '@darkroom/db/jobs'
import type { AssetFacts } from '@darkroom/db/operations'
import type { ImportRow } from '@darkroom/db/uploads'

/** The moment at which the facts of a test were read. */
export const NOW = new Date('2026-03-01T12:00:00.000Z')
export const inMinutes = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000)

type Upload = NonNullable<AssetFacts['upload']>
type Job = AssetFacts['jobs'][number]

const ASSET: AssetFacts['asset'] = {
  id: 'asset-1',
  projectId: 'project-1',
  presetId: 'preset-1',
  ...NO_DETAILS,
  status: 'processing',
  revision: 3,
  generation: 1,
  kind: null,
  filename: 'a.jpg',
  contentType: 'image/jpeg',
  byteSize: 10,
  sha256: null,
  width: null,
  height: null,
  durationMs: null,
  pageCount: null,
  animated: null,
  placeholder: null,
  facts: {},
  probe: null,
  originalObjectId: null,
  error: null,
  warnings: [],
  createdAt: inMinutes(-10),
  confirmedAt: inMinutes(-8),
  firstPreviewAt: null,
  readyAt: null,
  expiresAt: null,
  deleteAt: null,
  sourceExpiresAt: null,
  deletedAt: null,
  takenDownAt: null,
  purgedAt: null,
  receipt: null,
  cdnPurgedAt: null,
}

export const upload = (overrides: Partial<Upload> = {}): Upload => ({
  id: 'upload-1',
  projectId: 'project-1',
  assetId: 'asset-1',
  objectId: 'object-1',
  type: 'single',
  storeUploadId: null,
  partSize: null,
  partCount: null,
  contentType: 'image/jpeg',
  byteSize: 10,
  sha256: null,
  createdAt: inMinutes(-10),
  presignExpiresAt: inMinutes(5),
  expiresAt: inMinutes(60),
  confirmedAt: null,
  abortedAt: null,
  bytesSeenAt: null,
  nextCheckAt: inMinutes(2),
  ...overrides,
})

export const imported = (overrides: Partial<ImportRow> = {}): ImportRow => ({
  assetId: 'asset-1',
  projectId: 'project-1',
  url: 'https://media.example/a.jpg?signature=secret',
  shownUrl: 'https://media.example/a.jpg',
  contentType: null,
  arrivedAt: null,
  ...overrides,
})

export const job = (overrides: Partial<Job> = {}): Job => ({
  id: 'job-1',
  projectId: 'project-1',
  assetId: 'asset-1',
  name: 'asset.process',
  queue: 'image',
  presetId: null,
  onlyVariants: null,
  lane: 'interactive',
  status: 'queued',
  generation: 1,
  attempt: 0,
  maxAttempts: 8,
  availableAt: inMinutes(-8),
  dispatchedAt: null,
  dispatchSeq: 0,
  isReserved: false,
  leaseToken: null,
  leaseUntil: null,
  sourceSha256: null,
  progress: 0,
  stage: null,
  error: null,
  requestId: null,
  traceparent: null,
  createdAt: inMinutes(-8),
  startedAt: null,
  finishedAt: null,
  ...overrides,
})

export const attempt = (overrides: Partial<JobAttemptRow> = {}): JobAttemptRow => ({
  id: 'attempt-1',
  jobId: 'job-1',
  attempt: 1,
  leaseToken: 'lease-1',
  host: 'worker-7',
  startedAt: inMinutes(-1),
  finishedAt: null,
  outcome: null,
  peakMemoryBytes: null,
  error: null,
  ...overrides,
})

/** Builds the facts of an asset that waits for its job while one worker could take it. */
export const facts = ({
  asset,
  ...overrides
}: Partial<Omit<AssetFacts, 'asset'>> & { asset?: Partial<AssetFacts['asset']> } = {}): AssetFacts => ({
  now: NOW,
  asset: { ...ASSET, ...asset },
  projectDeletesAt: null,
  upload: upload({ confirmedAt: inMinutes(-8) }),
  import: null,
  hasSource: true,
  jobs: [job()],
  attempts: [],
  variants: [],
  events: [],
  quarantine: null,
  queue: { state: null, livingWorkers: 1, jobsAhead: 0 },
  ...overrides,
})
