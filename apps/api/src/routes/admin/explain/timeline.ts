import type { TimelineEntry } from '@darkroom/contracts'
import type { AssetRow } from '@darkroom/db/assets'
import type { LoggedEvent } from '@darkroom/db/events'
import type { JobAttemptRow, JobRow } from '@darkroom/db/jobs'
import type { AssetFacts } from '@darkroom/db/operations'
import type { ImportRow, Upload } from '@darkroom/db/uploads'
import { count } from './why.ts'

type Entry = Omit<TimelineEntry, 'at'> & { at: Date | null }

/** Events that the rows themselves tell with more detail. */
const TOLD_BY_ROWS: ReadonlySet<string> = new Set(['asset.created', 'job.started'])

/** Returns everything that is known to have happened to an asset, oldest first. */
export function timelineOf({
  upload,
  import: imported,
  jobs,
  attempts,
  events,
  quarantine,
  asset,
}: AssetFacts): TimelineEntry[] {
  const entries = [
    ...(imported ? ofImport(imported, asset) : []),
    ...(upload && !imported ? ofUpload(upload) : []),
    ...jobs.flatMap(ofJob),
    ...attempts.flatMap(ofAttempt),
    ...events.filter(event => !TOLD_BY_ROWS.has(event.type)).map(ofEvent),
    entry(quarantine?.createdAt, 'quarantined', quarantine?.reason),
    entry(dateOf(asset.receipt?.secondPassAt), 'deletion complete', asset.receipt && receiptDetail(asset.receipt)),
  ]
  return entries
    .flatMap(({ at, ...rest }) => (at ? { at, ...rest } : []))
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, ...rest }) => ({ at: at.toISOString(), ...rest }))
}

const entry = (
  at: Date | null | undefined,
  what: string,
  detail: string | null = null,
  error: TimelineEntry['error'] = null,
): Entry => ({ at: at ?? null, what, detail, error })

const dateOf = (iso: string | undefined) => (iso === undefined ? null : new Date(iso))

const ofUpload = ({ type, contentType, byteSize, partCount, ...upload }: Upload): Entry[] => [
  entry(
    upload.createdAt,
    'presigned',
    `${contentType}, ${count(byteSize, 'byte')}, ${partCount ? `${type} in ${count(partCount, 'part')}` : type}`,
  ),
  entry(upload.bytesSeenAt, 'bytes seen'),
  entry(upload.confirmedAt, 'confirmed'),
  entry(upload.abortedAt, 'upload aborted'),
]

const ofImport = ({ shownUrl, arrivedAt }: ImportRow, { createdAt, contentType, byteSize }: AssetRow): Entry[] => [
  entry(createdAt, 'import requested', `from ${shownUrl}`),
  entry(arrivedAt, 'imported', `${contentType}, ${count(byteSize, 'byte')}`),
]

const ofJob = (job: JobRow): Entry[] => [
  entry(job.createdAt, 'queued', `${job.name} in queue ${job.queue}, job ${job.id}`),
  entry(job.dispatchedAt, 'dispatched', job.dispatchSeq > 1 ? `for the ${ordinal(job.dispatchSeq)} time` : null),
]

const ofAttempt = (run: JobAttemptRow): Entry[] => [
  entry(run.startedAt, `attempt ${run.attempt} started`, `on host ${run.host}`),
  entry(run.finishedAt, `attempt ${run.attempt} ${run.outcome}`, endOf(run), run.error),
]

const ofEvent = ({ createdAt, type, data }: LoggedEvent): Entry =>
  entry(
    createdAt,
    type,
    Object.entries(data)
      .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(', ') || null,
  )

/** Describes the cost of a run and, after a failure, the detail for admins. */
const endOf = (run: JobAttemptRow): string | null =>
  [costOf(run), run.error?.said].filter(part => part !== null && part !== undefined).join('. ') || null

function costOf({ startedAt, finishedAt, peakMemoryBytes }: JobAttemptRow): string | null {
  if (!finishedAt) return null
  const seconds = `after ${((finishedAt.getTime() - startedAt.getTime()) / 1000).toFixed(1)} s`
  return peakMemoryBytes === null ? seconds : `${seconds}, peak memory ${Math.round(peakMemoryBytes / 1_048_576)} MiB`
}

const receiptDetail = ({ objects, bytes }: { objects: number; bytes: number }) =>
  `${count(objects, 'object')}, ${count(bytes, 'byte')}`

const PLURAL = new Intl.PluralRules('en', { type: 'ordinal' })
const SUFFIXES: Record<string, string> = { one: 'st', two: 'nd', few: 'rd' }
const ordinal = (number: number) => `${number}${SUFFIXES[PLURAL.select(number)] ?? 'th'}`
