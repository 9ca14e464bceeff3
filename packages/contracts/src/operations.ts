import { z } from 'zod'
import { AdminJob } from './admin.ts'
import { ERROR_CLASSES } from './errors.ts'

const time = z.iso.datetime()
const ms = z.number().nullable()

/** The spans that a chart shows, and how wide one of its points is. */
export const HISTORY_RANGES = {
  '1h': { seconds: 3600, bucketSec: 60 },
  '6h': { seconds: 21_600, bucketSec: 300 },
  '24h': { seconds: 86_400, bucketSec: 900 },
  '7d': { seconds: 604_800, bucketSec: 7200 },
} as const
export type HistoryRange = keyof typeof HISTORY_RANGES
const RANGE_NAMES = ['1h', '6h', '24h', '7d'] as const satisfies readonly HistoryRange[]

export const HistoryQuery = z.object({
  range: z.enum(RANGE_NAMES).default('1h').meta({ description: 'How far back, until now.' }),
})

const HistoryPoint = z.object({
  at: time.meta({ description: 'Begin of the interval.' }),
  succeeded: z.int().meta({ description: 'Runs that succeeded in the interval.' }),
  failed: z.int().meta({ description: 'Runs that failed, including those that are retried.' }),
  errors: z.record(z.string(), z.int()).meta({ description: 'Failed runs by error code.' }),
  ready: z.int().meta({ description: 'Assets that became ready.' }),
  previewP50Ms: ms.meta({ description: 'From the confirm to the first preview, median; null without one.' }),
  previewP95Ms: ms.meta({ description: 'The same, 95th percentile.' }),
  readyP50Ms: ms.meta({ description: 'From the confirm to `ready`, median.' }),
  readyP95Ms: ms.meta({ description: 'The same, 95th percentile.' }),
  queued: z.int().nullable().meta({ description: 'Largest number of waiting jobs; null without a sample.' }),
  running: z.int().nullable().meta({ description: 'Largest number of running jobs.' }),
  oldestWaitingSec: z
    .number()
    .nullable()
    .meta({ description: 'Longest wait of a due job in the interval, in seconds.' }),
  databaseMs: ms.meta({ description: 'Slowest answer of the database to an empty query.' }),
  storeMs: ms.meta({ description: 'Slowest answer of the store to a read of an absent object; null if it failed.' }),
  storeFailed: z.int().meta({ description: 'Samples in which the store did not answer.' }),
  bytes: z.int().nullable().meta({ description: 'Stored bytes of all projects at the end of the interval.' }),
  objects: z.int().nullable(),
  workers: z.int().nullable().meta({ description: 'Smallest number of live workers.' }),
  load: z.number().nullable().meta({ description: 'Largest load per processor of any worker: 1 is fully used.' }),
  memory: z.number().nullable().meta({ description: 'Largest share of memory in use of any worker, from 0 to 1.' }),
})

export const History = z
  .object({
    range: z.enum(RANGE_NAMES),
    bucketSec: z.int().meta({ description: 'Length of one interval in seconds.' }),
    from: time,
    to: time,
    points: z.array(HistoryPoint).meta({ description: 'Every interval, the oldest first, also without any event.' }),
  })
  .meta({
    id: 'History',
    description:
      'Runs and latencies come from the rows of jobs and assets. Queue, workers, store and database are sampled once a minute by a worker; without one they are null.',
  })
export type History = z.output<typeof History>

export const FailureQuery = z.object({
  projectId: z
    .uuid()
    .optional()
    .meta({ description: 'Operators can name a project; other keys always use their own.' }),
  after: z.iso.datetime({ offset: true }).optional().meta({ description: 'Only jobs that failed after this time.' }),
})

export const FailureGroup = z
  .object({
    code: z.string(),
    class: z.enum(ERROR_CLASSES),
    jobs: z.int(),
    lastHour: z.int().meta({ description: 'Of these, jobs that failed within the last hour.' }),
    assets: z.int(),
    projects: z.int(),
    firstAt: time.meta({ description: 'When the first of them failed.' }),
    lastAt: time,
    meaning: z.string().meta({ description: 'What the owner of the file is told.' }),
    action: z.string().meta({ description: 'What an admin can do about it.' }),
    example: AdminJob.meta({ description: 'A recent one of them.' }),
  })
  .meta({ id: 'FailureGroup', description: 'Failed jobs with the same error code.' })
export type FailureGroup = z.output<typeof FailureGroup>

export const FailureGroups = z
  .object({ items: z.array(FailureGroup).meta({ description: 'Most jobs first.' }) })
  .meta({ id: 'FailureGroups' })
export type FailureGroups = z.output<typeof FailureGroups>

export const INCIDENT_KINDS = [
  ...['alarm', 'backlog', 'backfill', 'failures', 'paused', 'quota', 'store', 'webhook', 'workers'],
] as const
export type IncidentKind = (typeof INCIDENT_KINDS)[number]

export const Incident = z
  .object({
    id: z.string().meta({ description: 'Stays the same while it lasts.' }),
    kind: z.enum(INCIDENT_KINDS),
    severity: z.enum(['fault', 'warning']).meta({ description: '`fault`: something does not work now.' }),
    code: z.string().nullable().meta({ description: 'Error code, if there is one.' }),
    title: z.string().meta({ description: 'What is wrong, in a few words.' }),
    detail: z.string(),
    since: time.nullable(),
    affected: z
      .object({
        assets: z.int().nullable(),
        projects: z.int().nullable(),
        projectIds: z.array(z.uuid()).meta({ description: 'Up to five of the projects.' }),
      })
      .meta({ description: 'Whom it affects; null if it is not known or everybody.' }),
    nextStep: z.string().meta({ description: 'What to do about it.' }),
    about: z.string().nullable().meta({
      description:
        'What the next step is done with, by `kind`: id of alarm, backfill, webhook or project, queue, or error code.',
    }),
  })
  .meta({ id: 'Incident', description: 'Something that is wrong now.' })
export type Incident = z.output<typeof Incident>

export const Incidents = z
  .object({ checkedAt: time, items: z.array(Incident).meta({ description: 'Faults first, then the oldest.' }) })
  .meta({ id: 'Incidents' })
export type Incidents = z.output<typeof Incidents>

export const ORPHAN_TYPES = ['object_without_row', 'missing_object', 'open_multipart'] as const

export const OrphanReport = z
  .object({
    finishedAt: time.nullable().meta({ description: 'When the last comparison ended; null before the first one.' }),
    counts: z.object({ object_without_row: z.int(), missing_object: z.int(), open_multipart: z.int() }),
    examples: z
      .array(
        z.object({ type: z.enum(ORPHAN_TYPES), bucket: z.string(), key: z.string(), assetId: z.uuid().nullable() }),
      )
      .meta({ description: 'Up to ten of each type.' }),
  })
  .meta({ id: 'OrphanReport', description: 'What the daily comparison of database and store found.' })
export type OrphanReport = z.output<typeof OrphanReport>

export const UsageDaysQuery = z.object({
  days: z.coerce.number().int().min(1).max(366).default(30).meta({ description: 'How many days, with today (UTC).' }),
})

export const UsageDays = z
  .object({
    projectId: z.uuid(),
    days: z
      .array(
        z.object({
          day: z.iso.date(),
          bytes: z.int().nullable().meta({ description: 'Stored at the end of the day; null before it was recorded.' }),
          objects: z.int().nullable(),
          uploads: z.int().meta({ description: 'Assets that were created, without those deleted since.' }),
          uploadedBytes: z.int(),
        }),
      )
      .meta({ description: 'The oldest first, also days without uploads.' }),
  })
  .meta({ id: 'UsageDays' })
export type UsageDays = z.output<typeof UsageDays>
