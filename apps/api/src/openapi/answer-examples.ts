import { NO_DETAILS, NO_SETTINGS } from '@darkroom/contracts'
import type { Step } from './document.ts'

const id = (last: number): string => `019ab3c4-5d6e-7f80-9a1b-2c3d4e5f60${String(last).padStart(2, '0')}`
const [PROJECT, ASSET, UPLOAD, JOB, PRESETS] = [id(1), id(2), id(3), id(4), { name: 'gallery', version: 2 }]
const SHA = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'
const at = (second: number): string => `2026-11-21T09:30:${String(second).padStart(2, '0')}.000Z`
const TOKEN = 'dt_WyIwMTlhYjNjNCJd.c2lnbmF0dXJl'
const error = { code: 'CORRUPT_FILE', message: 'The file is damaged and cannot be decoded.', retryable: false }

const page = (...items: unknown[]) => ({ items, nextCursor: null })

const variant = {
  name: 'thumb',
  required: true,
  status: 'ready',
  contentType: 'image/webp',
  byteSize: 8120,
  url: `https://cdn.example.com/variants/${PROJECT}/${ASSET}/b1c2.webp`,
  width: 256,
  height: 256,
  sha256: SHA,
}

const asset = {
  id: ASSET,
  projectId: PROJECT,
  ...NO_DETAILS,
  externalId: 'product-7',
  revision: 9,
  status: 'ready',
  kind: 'image',
  filename: 'beach.jpg',
  folder: '2026/summer',
  contentType: 'image/jpeg',
  byteSize: 2_481_337,
  sha256: SHA,
  tags: ['sea'],
  metadata: { productId: 7 },
  width: 4032,
  height: 3024,
  durationMs: null,
  pageCount: null,
  animated: false,
  placeholder: { thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI', dominantColor: '#8a7f6b' },
  facts: { camera: 'X100V' },
  preset: PRESETS,
  variants: [variant],
  progress: 1,
  estimatedReadyAt: null,
  original: { downloadUrl: `https://media.example.com/v1/assets/${ASSET}/download` },
  error: null,
  warnings: [],
  job: { id: JOB, status: 'succeeded', progress: 1, stage: null },
  createdAt: at(0),
  confirmedAt: at(4),
  firstPreviewAt: at(5),
  readyAt: at(7),
  expiresAt: null,
  deleteAt: null,
  sourceExpiresAt: null,
}

const summary = {
  id: ASSET,
  projectId: PROJECT,
  externalId: 'product-7',
  revision: 9,
  status: 'ready',
  kind: 'image',
  filename: 'beach.jpg',
  folder: '2026/summer',
  contentType: 'image/jpeg',
  byteSize: 2_481_337,
  sha256: SHA,
  tags: ['sea'],
  width: 4032,
  height: 3024,
  durationMs: null,
  pageCount: null,
  animated: false,
  error: null,
  warnings: [],
  placeholder: asset.placeholder,
  progress: 1,
  createdAt: at(0),
  confirmedAt: at(4),
  readyAt: at(7),
  expiresAt: null,
  deleteAt: null,
  preview: { name: 'thumb', url: variant.url, contentType: 'image/webp', width: 256, height: 256 },
}

const awaiting = {
  ...asset,
  revision: 1,
  status: 'awaiting_upload',
  kind: null,
  sha256: null,
  width: null,
  height: null,
  animated: null,
  placeholder: null,
  facts: {},
  original: null,
  variants: [],
  job: null,
  progress: 0,
  confirmedAt: null,
  firstPreviewAt: null,
  readyAt: null,
  expiresAt: '2026-11-22T09:30:00.000Z',
}

const fetching = {
  ...awaiting,
  status: 'processing',
  contentType: 'application/octet-stream',
  byteSize: 0,
  expiresAt: null,
}

const job = {
  id: JOB,
  assetId: ASSET,
  name: 'asset.process',
  lane: 'interactive',
  status: 'running',
  progress: 0.4,
  stage: 'steps',
  attempt: 1,
  maxAttempts: 8,
  availableAt: at(4),
  error: null,
  queuedAt: at(4),
  startedAt: at(4),
  finishedAt: null,
}

const adminJob = {
  ...job,
  projectId: PROJECT,
  queue: 'image',
  filename: 'beach.jpg',
  dispatchedAt: at(4),
  leaseUntil: at(19),
  requestId: '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071',
}

const single = {
  id: UPLOAD,
  type: 'single',
  method: 'PUT',
  headers: { 'content-type': 'image/jpeg' },
  expiresAt: at(59),
  url: 'https://s3.example.com/darkroom/uploads/a1?X-Amz-Signature=f00d',
}

const part = { partNumber: 3, url: 'https://s3.example.com/darkroom/uploads/a1?partNumber=3', byteSize: 16_777_216 }

const share = {
  id: id(5),
  variant: 'large',
  expiresAt: '2027-01-01T00:00:00.000Z',
  maxDownloads: 10,
  downloads: 2,
  createdAt: at(20),
  revokedAt: null,
}

const preset = {
  ...PRESETS,
  isBuiltIn: false,
  createdAt: at(0),
  definition: {
    image: {
      variants: [
        {
          type: 'picture',
          name: 'thumb',
          required: true,
          width: 256,
          height: 256,
          fit: 'cover',
          position: 'attention',
          padding: 0,
          format: 'webp',
          quality: 80,
          colors: 'srgb',
          keepCopyright: false,
        },
      ],
    },
  },
}

const backfill = {
  id: id(6),
  preset: PRESETS,
  filter: { kind: 'image' },
  status: 'running',
  phase: 'rest',
  reason: null,
  canary: 50,
  ratePerMinute: 600,
  progress: 0.25,
  total: 4000,
  started: 1000,
  active: 12,
  succeeded: 985,
  partial: 1,
  failed: 2,
  cancelled: 0,
  skipped: {},
  failures: { CORRUPT_FILE: 2 },
  createdAt: at(0),
  finishedAt: null,
}

const message = { type: 'asset.ready', timestamp: at(7), data: { assetId: ASSET, revision: 9 } }

const webhook = {
  id: id(7),
  url: 'https://shop.example.com/hooks/darkroom',
  description: 'shop',
  events: ['asset.ready'],
  enabled: true,
  disabledReason: null,
  disabledAt: null,
  failingSince: null,
  lastError: null,
  previousSecretExpiresAt: null,
  createdAt: at(0),
}

const delivery = {
  id: id(8),
  messageId: 'msg_pUeXzyNTmaoCSZXDATuPIQ',
  type: 'asset.ready',
  status: 'delivered',
  message,
  nextAttemptAt: null,
  createdAt: at(7),
  attempts: [{ attempt: 1, startedAt: at(7), durationMs: 84, status: 204, answer: '', error: null }],
  settledAt: at(8),
}

const key = {
  id: id(9),
  projectId: PROJECT,
  shortId: 'Ab3dE6gH',
  name: 'web shop',
  scopes: ['upload', 'read'],
  createdAt: at(0),
  lastUsedAt: at(40),
  expiresAt: null,
  revokedAt: null,
}

const project = {
  id: PROJECT,
  name: 'shop',
  status: 'active',
  deletesAt: null,
  createdAt: at(0),
  ...NO_SETTINGS,
  allowedTypes: ['image/jpeg', 'image/png'],
  quotaBytes: 10_000_000_000,
  requestsPerMinute: 600,
  defaultPreset: 'gallery',
  cdnBaseUrl: 'https://cdn.example.com',
  browserOrigins: ['https://shop.example.com'],
}

const quarantined = {
  id: id(10),
  projectId: PROJECT,
  sha256: SHA,
  crashes: 3,
  reason: 'makes the decoder loop',
  createdAt: at(0),
}

const receipt = {
  objects: 9,
  bytes: 3_120_400,
  requestedAt: at(10),
  firstPassAt: at(11),
  secondPassAt: '2026-11-21T10:05:00.000Z',
}

const takedown = {
  id: id(11),
  assetId: ASSET,
  projectId: PROJECT,
  sha256: SHA,
  everywhere: false,
  createdAt: at(10),
  reason: 'Notice 2026-118 of the rights holder',
  lifted: null,
}

const ok = { state: 'ok', latencyMs: 2 }
const file = {
  variant: 'thumb',
  url: variant.url,
  type: 'image/webp',
  width: 256,
  height: 256,
  byteSize: 8120,
}

const manifest = {
  assetId: ASSET,
  revision: 9,
  kind: 'image',
  width: 4032,
  height: 3024,
  durationMs: null,
  placeholder: null,
  picture: {
    sources: [{ type: 'image/webp', srcset: `${variant.url} 256w`, sizes: '100vw' }],
    img: { src: variant.url, srcset: `${variant.url} 256w`, sizes: '100vw', width: 256, height: 256 },
  },
  animations: [],
  sources: [],
  tracks: [],
  hls: null,
  poster: null,
  preview: file,
  storyboard: null,
  waveform: null,
  peaks: null,
  cover: null,
  pages: [],
  text: null,
  html: `<img src="${variant.url}" alt="">`,
}

const confirmed = { asset: { ...awaiting, revision: 2, status: 'processing', confirmedAt: at(4) }, job }

const refusal = {
  type: 'https://media.example.com/docs/errors#too_large',
  title: 'The file is too large',
  status: 413,
  detail: 'The file has 6000000000 bytes. The maximum is 5000000000.',
  code: 'TOO_LARGE',
  requestId: id(13),
}

/** An answer of each schema that operations answer with. A test holds it complete, and each against its schema. */
export const ANSWER_EXAMPLES: Record<string, unknown> = {
  FormCreated: {
    action: 'https://media.example.com/v1/uploads/form',
    fields: { token: 'df_eyJwcm9qZWN0SWQiOiIwMTlhYjNjNCJ9.c2lnbmF0dXJl' },
    expiresAt: at(0),
  },
  UploadCreated: { asset: awaiting, upload: single, clientToken: TOKEN },
  UploadState: {
    id: UPLOAD,
    assetId: ASSET,
    type: 'multipart',
    state: 'awaiting_upload',
    byteSize: 90_000_000,
    receivedBytes: 16_777_216,
    partSize: 16_777_216,
    partCount: 6,
    expiresAt: '2026-11-22T09:30:00.000Z',
    parts: [{ partNumber: 1, byteSize: 16_777_216, etag: '"9e107d9d372bb6826bd81d3542a419d6"' }],
  },
  UploadRenewed: { upload: single, clientToken: TOKEN },
  PartsSigned: { parts: [part], expiresAt: at(59) },
  UploadConfirmed: confirmed,
  UploadsCreated: {
    items: [
      { outcome: 'created', asset: awaiting, upload: single, clientToken: TOKEN },
      { outcome: 'refused', error: refusal },
    ],
  },
  UploadsConfirmed: {
    items: [
      { uploadId: UPLOAD, outcome: 'confirmed', ...confirmed },
      { uploadId: id(14), outcome: 'refused', error: refusal },
    ],
  },
  ImportStarted: {
    asset: { ...fetching, job: { id: JOB, status: 'queued', progress: 0, stage: null } },
    job: { ...job, name: 'asset.import', status: 'queued', progress: 0, stage: null, attempt: 0, startedAt: null },
  },
  Asset: asset,
  AssetPage: page(summary),
  AssetStatusAnswer: { items: [asset], notFound: ['019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6099'] },
  BulkAnswer: { matched: 1200, exact: true, changed: 1000, remaining: 200, nextCursor: null, items: null },
  AssetCounts: {
    count: 412,
    bytes: 1_940_000_000,
    exact: true,
    kinds: [{ kind: 'image', count: 412, bytes: 1_940_000_000 }],
    statuses: [
      { status: 'failed', count: 2, bytes: 9_000_000 },
      { status: 'ready', count: 410, bytes: 1_931_000_000 },
    ],
  },
  TagPage: page({ name: 'sea', count: 41 }),
  FolderPage: page({ name: 'summer', path: '2026/summer', count: 41 }),
  ReprocessStarted: { job },
  Manifest: manifest,
  View: {
    expiresAt: '2026-11-21T10:30:00.000Z',
    urls: { thumb: 'https://media.example.com/v/WyIwMTlh/thumb.webp' },
    manifest,
  },
  TakedownPage: page(takedown),
  Takedown: takedown,
  TakedownAnswer: { takedown, copies: [id(12)] },
  Receipt: { assetId: ASSET, status: 'deleted', receipt, cdnPurgedAt: at(30), takedown: null },
  ArchiveCreated: {
    url: 'https://media.example.com/z/Qk3v8t0p',
    expiresAt: '2026-11-21T09:45:00.000Z',
    files: 2,
    byteSize: 4_962_674,
    missing: [],
  },
  ShareCreated: { ...share, url: 'https://media.example.com/s/mZ4n0q8s' },
  Share: share,
  ShareList: { items: [share] },
  Job: job,
  PresetPage: page(preset),
  Preset: preset,
  PresetVersions: { name: 'gallery', versions: [preset] },
  PresetPlan: {
    preset: PRESETS,
    sampled: false,
    examined: 4000,
    assets: { matched: 4000, touched: 3990, touchedByKind: { image: 3990 }, unchanged: 0, skipped: 10, unknown: 0 },
    variants: { added: 3990, remade: 0, kept: 11_970, dropped: 0 },
    cost: {
      cpuSeconds: 812.5,
      basis: { image: 'preset' },
      bytesToWrite: 93_000_000,
      finishAt: '2026-11-21T09:44:00.000Z',
      storeCalls: { get: 3990, put: 3990, delete: 0 },
    },
  },
  BackfillAnswer: { backfill },
  BackfillPage: page(backfill),
  EventPage: {
    items: [{ id: 'msg_pUeXzyNTmaoCSZXDATuPIQ', ...message }],
    nextCursor: 'WE9L1p3q2y4V7mJkq0s8C1n5tXb6Hd0aFzRr9cQe4uGv2KoTiYwLMA',
    hasMore: false,
  },
  WebhookList: { items: [webhook] },
  WebhookWithSecret: { ...webhook, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  Webhook: webhook,
  DeliveryPage: page(delivery),
  WebhookDelivery: delivery,
  WebhookReplayed: { redelivered: 120 },
  ServiceStatus: {
    mode: 'configured',
    version: '0.1.0',
    uploads: 'open',
    accepts: ['image/jpeg', 'video/mp4'],
    maxUploadBytes: 5_368_709_120,
    decoders: { image: true, video: true, audio: true, document: true },
    processing: { image: 'running', video: 'paused', audio: 'running', document: 'running' },
  },
  Readiness: { status: 'ok', checks: { database: ok, queue: ok, store: ok } },
  AdminJobPage: page(adminJob),
  JobAnswer: { job: adminJob },
  JobsRequeued: { matched: 40, requeued: 38, skipped: { SOURCE_GONE: 2 } },
  Explanation: {
    assetId: ASSET,
    projectId: PROJECT,
    status: 'failed',
    isSettled: true,
    blockedBy: error.message,
    nextAction: 'Nothing to do.',
    error: { ...error, class: 'permanent' },
    variants: [],
    receipt: null,
    warnings: [],
    job: { ...adminJob, status: 'failed', error, stage: null, finishedAt: at(5), leaseUntil: null },
    attempts: [
      {
        jobId: JOB,
        attempt: 1,
        host: 'worker-1',
        startedAt: at(4),
        finishedAt: at(5),
        durationMs: 310,
        outcome: 'failed',
        peakMemoryBytes: 210_000_000,
        error,
      },
    ],
    timeline: [{ at: at(4), what: 'confirmed', detail: null, error: null }],
    quarantine: null,
  },
  QueuesOverview: {
    queues: [
      {
        queue: 'image',
        pausedAt: null,
        pausedBy: null,
        reason: null,
        queued: 3,
        running: 2,
        failed: 1,
        queuedByLane: { interactive: 3, retry: 0, backfill: 0, maintenance: 0 },
        oldestQueuedAt: at(4),
        succeededLastMinute: 58,
        failedLastMinute: 0,
        waitingInBackend: 1,
        activeInBackend: 2,
        workers: 1,
        slots: 2,
      },
    ],
    workers: [
      {
        id: id(13),
        host: 'worker-1',
        version: '0.1.0',
        queues: ['image'],
        lacks: [],
        slots: 2,
        startedAt: at(0),
        seenAt: at(50),
        drainingAt: null,
        load: { cpus: 4, load: 1.2, memoryBytes: 260_000_000, freeBytes: 5_000_000_000, totalBytes: 8_000_000_000 },
      },
    ],
    alarms: [],
  },
  InstallationChecks: {
    checkedAt: at(50),
    isRunning: false,
    faults: 1,
    warnings: 0,
    checks: [
      {
        id: 'cors.upload',
        title: 'a page of each origin may upload',
        state: 'fault',
        seen: 'https://shop.example.com: the preflight of PUT is refused with 403',
        cause: 'The bucket has no CORS rule for the origin of the page, or one that lacks a method or header.',
        fix: 'npx darkroom provision cors --origin <origin of the page> --apply',
      },
    ],
  },
  AuditPage: page({
    id: id(14),
    at: at(50),
    key: 'k3Jx9aQ2',
    keyName: 'night shift',
    isOperator: true,
    action: 'pauseQueue',
    targetType: 'queue',
    target: 'video',
    projectId: null,
    result: 'done',
    code: null,
    input: { reason: 'moving the store' },
    outcome: null,
    requestId: 'a1b2c3d4',
  }),
  Incidents: {
    checkedAt: at(50),
    items: [
      {
        id: 'failures:STORE_UNAVAILABLE',
        kind: 'failures',
        severity: 'fault',
        code: 'STORE_UNAVAILABLE',
        title: '12 jobs failed: Object store unavailable',
        detail: 'The file could not be stored. Try again later.',
        since: at(4),
        affected: { assets: 12, projects: 1, projectIds: [PROJECT] },
        nextStep: 'Check the object store. `/readyz` shows its state.',
        about: 'STORE_UNAVAILABLE',
      },
    ],
  },
  History: {
    range: '1h',
    bucketSec: 60,
    from: '2026-11-21T08:31:00.000Z',
    to: '2026-11-21T09:31:00.000Z',
    points: [
      {
        at: '2026-11-21T09:30:00.000Z',
        succeeded: 58,
        failed: 1,
        errors: { STORE_UNAVAILABLE: 1 },
        ready: 57,
        previewP50Ms: 420,
        previewP95Ms: 900,
        readyP50Ms: 1300,
        readyP95Ms: 3900,
        queued: 3,
        running: 2,
        oldestWaitingSec: 1.5,
        databaseMs: 0.8,
        storeMs: 14,
        storeFailed: 0,
        bytes: 4_200_000_000,
        objects: 9120,
        workers: 1,
        load: 0.3,
        memory: 0.38,
      },
    ],
  },
  FailureGroups: {
    items: [
      {
        code: 'CORRUPT_FILE',
        class: 'permanent',
        jobs: 3,
        lastHour: 1,
        assets: 3,
        projects: 1,
        firstAt: at(4),
        lastAt: at(7),
        meaning: 'The file is damaged and cannot be decoded.',
        action: 'Nothing. The owner has to upload another file.',
        example: adminJob,
      },
    ],
  },
  OrphanReport: {
    finishedAt: at(50),
    counts: { object_without_row: 1, missing_object: 0, open_multipart: 0 },
    examples: [{ type: 'object_without_row', bucket: 'darkroom', key: 'originals/old.jpg', assetId: null }],
  },
  PresetPreview: {
    outcome: 'made',
    file: {
      contentType: 'image/webp',
      width: 256,
      height: 256,
      byteSize: 34,
      base64: 'UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==',
    },
    error: null,
    elapsedMs: 310,
  },
  UsageDays: {
    projectId: PROJECT,
    days: [{ day: '2026-11-21', bytes: 4_200_000_000, objects: 9120, uploads: 12, uploadedBytes: 31_000_000 }],
  },
  QueueRebuilt: { redispatched: 12, removed: 3 },
  QuarantinePage: page(quarantined),
  Quarantined: quarantined,
  Project: project,
  ProjectPage: page(project),
  KeyCreated: { ...key, key: 'dk_Ab3dE6gH_…' },
  ApiKey: key,
  CurrentKey: {
    shortId: 'Ab3dE6gH',
    scopes: ['upload', 'read'],
    isOperator: false,
    project: { id: project.id, name: project.name, isPrivate: false },
  },
  ApiKeyList: { items: [key] },
  ApiKeyPage: page(key),
  Usage: {
    projectId: PROJECT,
    bytes: 4_200_000_000,
    objects: 9120,
    openUploads: { count: 2, bytes: 5_000_000 },
    jobs: { queued: 3, running: 2 },
    quota: { bytes: 10_000_000_000, remainingBytes: 5_795_000_000, openUploads: null, requestsPerMinute: 600 },
  },
  UsageReconciled: {
    corrections: [{ projectId: PROJECT, bytes: -8120, objects: -1, openBytes: 0, openUploads: 0 }],
  },
}

/** Shows an answer of each schema; what says its own example keeps it. */
export const withAnswerExamples: Step = document => {
  const schemas = Object.entries(document.components.schemas).map(([name, schema]) => [
    name,
    Object.hasOwn(ANSWER_EXAMPLES, name) ? { example: ANSWER_EXAMPLES[name], ...schema } : schema,
  ])
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(schemas) } }
}
