import type { AssetFacts } from '@darkroom/db/operations'
import { describe, expect, it } from 'vitest'
import { explain } from './explain.ts'
import { attempt, facts, imported, inMinutes, job, upload } from './test-facts.ts'
import { timelineOf } from './timeline.ts'

const error = (code: string, message = 'it did not work') => ({ code, message, retryable: false })
const variant = (name: string, code: string | null): AssetFacts['variants'][number] => ({
  id: name,
  projectId: 'project-1',
  assetId: 'asset-1',
  name,
  position: 0,
  required: false,
  status: code ? 'failed' : 'ready',
  objectId: null,
  contentType: null,
  byteSize: null,
  width: null,
  height: null,
  sha256: null,
  fingerprint: 'f',
  error: code ? error(code) : null,
})
const quarantine: NonNullable<AssetFacts['quarantine']> = {
  id: 'quarantine-1',
  projectId: 'project-1',
  sha256: 'a'.repeat(64),
  crashes: 3,
  reason: 'Three workers died of it.',
  createdAt: inMinutes(-30),
  releasedAt: null,
}
const queue = (overrides: Partial<NonNullable<AssetFacts['queue']>> = {}) => ({
  state: null,
  livingWorkers: 1,
  jobsAhead: 0,
  ...overrides,
})
const pause = (pausedBy: 'operator' | 'alarm', reason: string | null) =>
  queue({ state: { queue: 'image', pausedAt: inMinutes(-20), pausedBy, reason } })

type Overrides = Parameters<typeof facts>[0]

const CASES: [string, Overrides, string | null, RegExp][] = [
  [
    'an upload without bytes',
    { asset: { status: 'awaiting_upload' }, upload: upload(), jobs: [], queue: null },
    'Waiting for the client to upload the file, until 2026-03-01T13:00:00Z.',
    /^The client has to upload the file and confirm\. The sweeper checks for the file at 2026-03-01T12:02:00Z\.$/,
  ],
  [
    'an upload whose URL ran out',
    { asset: { status: 'awaiting_upload' }, upload: upload({ presignExpiresAt: inMinutes(-1) }), jobs: [] },
    'Waiting for the client to upload the file, until 2026-03-01T13:00:00Z.',
    /expired at 2026-03-01T11:59:00Z, so the client has to renew/,
  ],
  [
    'bytes that nobody confirmed',
    { asset: { status: 'awaiting_upload' }, upload: upload({ bytesSeenAt: inMinutes(-2) }), jobs: [] },
    'The bytes arrived at 2026-03-01T11:58:00Z, but the client has not confirmed the upload.',
    /The sweeper checks at 2026-03-01T12:02:00Z/,
  ],
  [
    'an upload whose time is over',
    { asset: { status: 'awaiting_upload' }, upload: upload({ expiresAt: inMinutes(-1) }), jobs: [] },
    'The upload was not confirmed before 2026-03-01T11:59:00Z.',
    /marks it as expired/,
  ],
  [
    'an expired upload',
    { asset: { status: 'expired' }, upload: upload({ expiresAt: inMinutes(-1) }), jobs: [] },
    'The upload was not confirmed until 2026-03-01T11:59:00Z, so it expired.',
    /start a new upload.*UPLOAD_EXPIRES_HOURS/,
  ],
  [
    'a job with others before it',
    { queue: queue({ jobsAhead: 12 }) },
    'Queued behind 12 jobs in the queue image, lane interactive.',
    /More workers of the queue image/,
  ],
  ['a job that is next', {}, 'Queued behind 0 jobs in the queue image, lane interactive.', /dispatched within seconds/],
  [
    'a dispatched job',
    { jobs: [job({ dispatchedAt: inMinutes(-1) })] },
    'Dispatched at 2026-03-01T11:59:00Z. No worker of the queue image has a free slot yet.',
    /starts automatically/,
  ],
  [
    'a job of a closed project',
    { projectDeletesAt: inMinutes(60), queue: pause('operator', null) },
    'The project is closed and will be deleted at 2026-03-01T13:00:00Z. Until then its jobs wait.',
    /an operator has to restore the project: `npx darkroom projects restore project-1`/,
  ],
  [
    'a job of a project whose deletion has begun',
    { projectDeletesAt: inMinutes(-1) },
    'The project has been in deletion since 2026-03-01T11:59:00Z. No new jobs of it are started.',
    /The asset is deleted with the project/,
  ],
  [
    'a job that was dispatched before its project was closed',
    { projectDeletesAt: inMinutes(60), jobs: [job({ dispatchedAt: inMinutes(-1) })] },
    'Dispatched at 2026-03-01T11:59:00Z. No worker of the queue image has a free slot yet.',
    /starts automatically/,
  ],
  [
    'a deletion in a closed project',
    {
      asset: { status: 'deleting', deletedAt: inMinutes(-1) },
      jobs: [job({ name: 'asset.delete', queue: 'system' })],
      projectDeletesAt: inMinutes(60),
    },
    'The asset is being deleted since 2026-03-01T11:59:00Z: queued behind 0 jobs in the queue system, lane interactive.',
    /dispatched within seconds/,
  ],
  [
    'a queue that an alarm paused',
    { queue: pause('alarm', 'STORE_CREDENTIALS') },
    'The queue image has been paused since 2026-03-01T11:40:00Z by alarm STORE_CREDENTIALS.',
    /B2_KEY_ID.*npx darkroom queues resume image/,
  ],
  [
    'a queue that an operator paused',
    { queue: pause('operator', 'We move house.') },
    'The queue image has been paused since 2026-03-01T11:40:00Z by an operator: We move house.',
    /An operator can resume it/,
  ],
  [
    'a queue that an operator paused without a word',
    { queue: pause('operator', null) },
    'The queue image has been paused since 2026-03-01T11:40:00Z by an operator.',
    /darkroom queues resume image/,
  ],
  [
    'a queue without a worker',
    { jobs: [job({ queue: 'video' })], queue: queue({ livingWorkers: 0 }) },
    'No live worker serves the queue video.',
    /WORKER_QUEUES/,
  ],
  [
    'a job that backs off',
    { jobs: [job({ attempt: 2, availableAt: inMinutes(3), error: error('STORE_UNAVAILABLE') })] },
    'Waiting until 2026-03-01T12:03:00Z for attempt 3 of 8 after STORE_UNAVAILABLE.',
    /automatically. To retry now: `npx darkroom jobs requeue job-1`.*\/readyz/,
  ],
  [
    'a job without attempts left',
    { jobs: [job({ attempt: 8 })] },
    'The job is waiting, but all 8 attempts are used up.',
    /darkroom jobs requeue job-1/,
  ],
  [
    'a job that runs',
    {
      jobs: [job({ status: 'running', attempt: 1, stage: 'render', leaseUntil: inMinutes(1) })],
      attempts: [attempt()],
    },
    'Running on host worker-7 since 2026-03-01T11:59:00Z at stage render (attempt 1 of 8).',
    /darkroom jobs cancel job-1/,
  ],
  [
    'a job whose worker is gone',
    { jobs: [job({ status: 'running', attempt: 1, leaseUntil: inMinutes(-1) })], attempts: [attempt()] },
    'The worker that ran it on host worker-7 since 2026-03-01T11:59:00Z has not responded since its lease expired at 2026-03-01T11:59:00Z.',
    /Another worker takes over/,
  ],
  [
    'a published file that is processed again',
    { asset: { status: 'ready' } },
    'Queued behind 0 jobs in the queue image, lane interactive.',
    /^Published variants stay available\./,
  ],
  [
    'a failed file',
    {
      asset: { status: 'failed', error: error('TIMEOUT', 'It took too long.'), sourceExpiresAt: inMinutes(60) },
      jobs: [job({ status: 'failed', error: error('TIMEOUT') })],
    },
    'Failed with TIMEOUT: It took too long.',
    /JOB_TIMEOUT_SEC.*requeued until 2026-03-01T13:00:00Z.*npx darkroom jobs requeue job-1/,
  ],
  [
    'a failed file without a source',
    {
      asset: { status: 'failed', error: error('CHECKSUM_MISMATCH', 'Not what was declared.') },
      jobs: [job({ status: 'failed' })],
      hasSource: false,
    },
    'Failed with CHECKSUM_MISMATCH: Not what was declared.',
    /source no longer exists, so the owner has to upload/,
  ],
  [
    'a file in quarantine',
    { asset: { status: 'failed', error: error('QUARANTINED') }, jobs: [job({ status: 'failed' })], quarantine },
    'The file has been in quarantine since 2026-03-01T11:30:00Z: Three workers died of it.',
    /darkroom quarantine release quarantine-1/,
  ],
  [
    'a file in quarantine in all projects',
    { asset: { status: 'failed' }, jobs: [job({ status: 'failed' })], quarantine: { ...quarantine, projectId: null } },
    'The file has been in quarantine in all projects since 2026-03-01T11:30:00Z: Three workers died of it.',
    /release/,
  ],
  [
    'a file that is partly there',
    {
      asset: { status: 'partial' },
      jobs: [job({ status: 'succeeded' })],
      variants: [variant('a', null), variant('b', 'TIMEOUT'), { ...variant('c', 'CORRUPT_FILE'), status: 'ready' }],
    },
    'It is published, except for variants that could not be made: b (TIMEOUT), c (CORRUPT_FILE).',
    /POST \/v1\/assets\/asset-1\/reprocess/,
  ],
  [
    'a file of which a variant is tried again',
    {
      asset: { status: 'partial' },
      jobs: [job({ attempt: 1, availableAt: inMinutes(1), error: error('NO_SPACE') })],
      variants: [variant('a', null), variant('b', 'NO_SPACE')],
    },
    'It is published without b (NO_SPACE). Waiting until 2026-03-01T12:01:00Z for attempt 2 of 8 after NO_SPACE.',
    /^Published variants stay available. It is retried automatically. To retry now: `npx darkroom jobs requeue job-1`/,
  ],
  [
    'a file that is ready',
    { asset: { status: 'ready' }, jobs: [job({ status: 'succeeded' })] },
    null,
    /^Nothing to do\.$/,
  ],
  [
    'a file that was processed again in vain',
    { asset: { status: 'ready' }, jobs: [job({ status: 'failed', error: error('TIMEOUT') })] },
    null,
    /Published variants stay available\. Reprocessing failed with TIMEOUT/,
  ],
  [
    'a file whose job ended without it',
    { jobs: [job({ status: 'cancelled' })] },
    'Its job is cancelled, and there is no other job.',
    /darkroom jobs requeue job-1/,
  ],
  ['a file without a job', { jobs: [], queue: null }, 'It has no job.', /Report it/],
  [
    'a deletion in its first pass',
    { asset: { status: 'deleting', deletedAt: inMinutes(-1) }, jobs: [job({ name: 'asset.delete', queue: 'system' })] },
    'The asset is being deleted since 2026-03-01T11:59:00Z: queued behind 0 jobs in the queue system, lane interactive.',
    /dispatched within seconds/,
  ],
  [
    'a deletion before its second pass',
    {
      asset: { status: 'deleting', deletedAt: inMinutes(-2), purgedAt: inMinutes(-1) },
      jobs: [job({ name: 'asset.delete', queue: 'system', availableAt: inMinutes(4) })],
    },
    'The asset is being deleted since 2026-03-01T11:58:00Z: the first pass removed its objects at 2026-03-01T11:59:00Z. The second pass runs at 2026-03-01T12:04:00Z, when all upload URLs have expired.',
    /completes automatically/,
  ],
  [
    'an import that runs',
    {
      import: imported(),
      upload: null,
      jobs: [job({ name: 'asset.import', queue: 'import', status: 'running', stage: 'importing', attempt: 1 })],
      attempts: [attempt()],
    },
    'Running on host worker-7 since 2026-03-01T11:59:00Z at stage importing (attempt 1 of 8).',
    /darkroom jobs cancel job-1/,
  ],
  [
    'an import that nobody serves',
    { import: imported(), jobs: [job({ name: 'asset.import', queue: 'import' })], queue: queue({ livingWorkers: 0 }) },
    'No live worker serves the queue import.',
    /a worker whose `WORKER_QUEUES` includes import/,
  ],
  [
    'an import that failed',
    {
      asset: { status: 'failed', error: error('IMPORT_NOT_FOUND'), sourceExpiresAt: inMinutes(60) },
      import: imported(),
      upload: null,
      jobs: [job({ name: 'asset.import', status: 'failed', error: error('IMPORT_NOT_FOUND') })],
    },
    'Failed with IMPORT_NOT_FOUND: it did not work',
    /requeued until 2026-03-01T13:00:00Z, when its source is deleted: `npx darkroom jobs requeue job-1`/,
  ],
  [
    'an import whose URL is forgotten',
    {
      asset: { status: 'failed', error: error('IMPORT_NOT_FOUND') },
      import: imported({ url: null }),
      hasSource: false,
      upload: null,
      jobs: [job({ name: 'asset.import', status: 'failed', error: error('IMPORT_NOT_FOUND') })],
    },
    'Failed with IMPORT_NOT_FOUND: it did not work',
    /no longer stored, so the owner has to import the file again/,
  ],
  [
    'a deletion that failed',
    {
      asset: { status: 'deleting', deletedAt: inMinutes(-2) },
      jobs: [job({ name: 'asset.delete', status: 'failed', error: error('STORE_CREDENTIALS') })],
    },
    'The asset is being deleted since 2026-03-01T11:58:00Z: the deletion job is failed with STORE_CREDENTIALS.',
    /darkroom jobs requeue job-1/,
  ],
  [
    'a deleted file',
    {
      asset: {
        status: 'deleted',
        deletedAt: inMinutes(-9),
        receipt: {
          objects: 3,
          bytes: 1,
          requestedAt: '2026-03-01T11:51:00.000Z',
          firstPassAt: '2026-03-01T11:52:00.000Z',
          secondPassAt: '2026-03-01T11:57:00.000Z',
        },
      },
      jobs: [job({ name: 'asset.delete', status: 'succeeded' })],
    },
    'The asset was deleted at 2026-03-01T11:51:00Z; 3 objects with 1 byte were removed.',
    /permanent/,
  ],
]

describe('the explanation of', () => {
  it.each(CASES)('%s', (_, overrides, blockedBy, nextAction) => {
    const why = explain(facts(overrides))
    expect(why.blockedBy).toBe(blockedBy)
    expect(why.nextAction).toMatch(nextAction)
  })
})

describe('the timeline', () => {
  it('puts what the rows and the events know into the order of time', () => {
    const story = facts({
      upload: upload({ bytesSeenAt: inMinutes(-9), confirmedAt: inMinutes(-8.5), partCount: 3, type: 'multipart' }),
      jobs: [job({ dispatchedAt: inMinutes(-7), dispatchSeq: 2 })],
      attempts: [
        attempt({
          startedAt: inMinutes(-6),
          finishedAt: inMinutes(-5.5),
          outcome: 'failed',
          peakMemoryBytes: 120 * 1024 * 1024,
          error: error('NO_SPACE'),
        }),
      ],
      events: [
        { type: 'job.started', createdAt: inMinutes(-6), data: {} },
        { type: 'asset.failed', createdAt: inMinutes(-5), data: { code: 'NO_SPACE', left: 0 } },
      ].map((event, id) => ({ id, xid: '1', projectId: 'project-1', assetId: 'asset-1', seq: id, ...event })),
    })
    expect(timelineOf(story).map(({ what, detail, error }) => [what, detail, error?.code])).toEqual([
      ['presigned', 'image/jpeg, 10 bytes, multipart in 3 parts', undefined],
      ['bytes seen', null, undefined],
      ['confirmed', null, undefined],
      ['queued', 'asset.process in queue image, job job-1', undefined],
      ['dispatched', 'for the 2nd time', undefined],
      ['attempt 1 started', 'on host worker-7', undefined],
      ['attempt 1 failed', 'after 30.0 s, peak memory 120 MiB', 'NO_SPACE'],
      ['asset.failed', 'code NO_SPACE, left 0', undefined],
    ])
  })

  it('tells of an import where it came from, and when', () => {
    const story = facts({ import: imported({ url: null, arrivedAt: inMinutes(-9) }), jobs: [] })
    expect(timelineOf(story).map(({ what, detail }) => [what, detail])).toEqual([
      ['import requested', 'from https://media.example/a.jpg'],
      ['imported', 'image/jpeg, 10 bytes'],
    ])
  })
})
