import { z } from 'zod'
import { ERROR_CLASSES } from './errors.ts'
import { JOB_NAMES, JOB_STATUSES, LANES, type Lane, QUEUE_NAMES } from './jobs.ts'
import { pageOf, pageQuery } from './paging.ts'
import { Sha256 } from './requests.ts'
import { AssetWarning, DeletionReceipt, Job, ResourceError } from './resources.ts'
import { all, hasCondition, NEEDS_ALL } from './select-all.ts'

const time = z.iso.datetime()
const timeFilter = z.iso.datetime({ offset: true })

/** Which jobs: what a list shows and what a bulk requeue takes. */
const jobFilter = {
  code: z.string().max(100).optional().meta({ description: 'Error code of the failed job.' }),
  name: z.enum(JOB_NAMES).optional().meta({ description: 'Name of the job, which says what it does.' }),
  projectId: z
    .uuid()
    .optional()
    .meta({ description: 'Operators can name a project; other keys always use their own.' }),
  assetId: z.uuid().optional().meta({ description: 'Only jobs of this asset.' }),
  createdAfter: timeFilter.optional().meta({ description: 'Created after this time.' }),
  createdBefore: timeFilter.optional().meta({ description: 'Created before this time.' }),
}

export const AdminJobQuery = z.object({
  status: z.enum(JOB_STATUSES).optional().meta({ description: 'Only jobs with this status.' }),
  queue: z.enum(QUEUE_NAMES).optional().meta({ description: 'Only jobs of this queue.' }),
  lane: z.enum(LANES).optional().meta({ description: 'Only jobs of this lane (priority).' }),
  ...jobFilter,
  ...pageQuery,
  sort: z
    .enum(['createdAt', '-createdAt'])
    .default('-createdAt')
    .meta({ description: 'A leading `-` sorts descending.' }),
})
export type AdminJobQuery = z.output<typeof AdminJobQuery>

export const AdminJob = Job.extend({
  projectId: z.uuid(),
  queue: z.enum(QUEUE_NAMES),
  filename: z.string().nullable(),
  dispatchedAt: time.nullable(),
  leaseUntil: time.nullable(),
  requestId: z.string().nullable().meta({
    description:
      '`X-Request-Id` of the request that caused this job; null if none did, as for a backfill. It is in all log lines of the job.',
  }),
}).meta({ id: 'AdminJob' })
export type AdminJob = z.output<typeof AdminJob>

export const AdminJobPage = pageOf(AdminJob, 'AdminJobPage')
export type AdminJobPage = z.output<typeof AdminJobPage>

export const RequeueJobs = z
  .object({
    filter: z.object({ ...jobFilter, status: z.enum(['failed', 'cancelled']).default('failed') }).prefault({}),
    all: all.meta({
      description: 'Required when the filter has only a status, because it then selects all jobs with that status.',
    }),
    dryRun: z.boolean().default(false).meta({ description: 'Only counts; nothing is changed.' }),
  })
  .refine(({ filter: { status: _, ...conditions }, all }) => all || hasCondition(conditions), {
    path: ['all'],
    error: NEEDS_ALL,
  })
  .meta({ id: 'RequeueJobs', example: { filter: { code: 'STORE_UNAVAILABLE' }, dryRun: true } })
export type RequeueJobs = z.output<typeof RequeueJobs>

export const JobsRequeued = z
  .object({
    matched: z.int().meta({ description: 'Jobs that match the filter.' }),
    requeued: z.int().meta({
      description: 'Jobs that were requeued. 0 for a dry run, where it would be `matched` without the skipped ones.',
    }),
    skipped: z
      .record(z.string(), z.int())
      .meta({ description: 'Jobs that were not requeued, by error code, such as SOURCE_GONE or ASSET_DELETED.' }),
  })
  .meta({ id: 'JobsRequeued' })
export type JobsRequeued = z.output<typeof JobsRequeued>

export const JobAnswer = z.object({ job: AdminJob }).meta({ id: 'JobAnswer' })

export const Alarm = z
  .object({
    id: z.uuid(),
    code: z.string(),
    subject: z.string(),
    message: z.string(),
    action: z.string().meta({ description: 'What an admin can do about it.' }),
    count: z.int(),
    raisedAt: time,
    lastSeenAt: time,
  })
  .meta({ id: 'Alarm' })
export type Alarm = z.output<typeof Alarm>

const countByLane = {
  interactive: z.int(),
  retry: z.int(),
  backfill: z.int(),
  maintenance: z.int(),
} satisfies Record<Lane, z.ZodType>

export const QueueOverview = z
  .object({
    queue: z.enum(QUEUE_NAMES),
    pausedAt: time.nullable(),
    pausedBy: z.enum(['operator', 'alarm']).nullable(),
    reason: z.string().nullable(),
    queued: z.int().meta({ description: 'Rows that wait, including those with a later `availableAt`.' }),
    queuedByLane: z.object(countByLane),
    running: z.int(),
    failed: z.int(),
    oldestQueuedAt: time.nullable(),
    succeededLastMinute: z.int(),
    failedLastMinute: z.int(),
    waitingInBackend: z.int().nullable().meta({ description: 'Entries in BullMQ; null if it does not respond.' }),
    activeInBackend: z.int().nullable(),
    workers: z.int().meta({ description: 'Live workers that serve this queue.' }),
    slots: z.int(),
  })
  .meta({ id: 'QueueOverview' })
export type QueueOverview = z.output<typeof QueueOverview>

export const WorkerLoad = z
  .object({
    cpus: z.int().meta({ description: 'Processors that the worker may use.' }),
    load: z.number().meta({ description: 'Load average of its machine over one minute.' }),
    memoryBytes: z.int().meta({ description: 'Resident memory of the worker process, without its media processes.' }),
    freeBytes: z.int().meta({ description: 'Memory of the machine that is available.' }),
    totalBytes: z.int().meta({ description: 'Memory of the machine, or the limit of the container.' }),
  })
  .meta({ id: 'WorkerLoad' })
export type WorkerLoad = z.output<typeof WorkerLoad>

export const WorkerInfo = z
  .object({
    id: z.uuid(),
    host: z.string(),
    version: z.string(),
    queues: z.array(z.string()),
    lacks: z
      .array(z.string())
      .meta({ description: 'Kinds that it is configured for but cannot process, because ffmpeg is missing.' }),
    slots: z.int(),
    startedAt: time,
    seenAt: time,
    drainingAt: time.nullable(),
    load: WorkerLoad.nullable().meta({ description: 'Null of a worker of an older version.' }),
  })
  .meta({ id: 'WorkerInfo' })
export type WorkerInfo = z.output<typeof WorkerInfo>

export const QueuesOverview = z
  .object({ queues: z.array(QueueOverview), workers: z.array(WorkerInfo), alarms: z.array(Alarm) })
  .meta({ id: 'QueuesOverview' })
export type QueuesOverview = z.output<typeof QueuesOverview>

export const InstallationCheck = z
  .object({
    id: z.string().meta({ description: 'Stable, such as `cors.upload`; `darkroom doctor --only <id>` runs it alone.' }),
    title: z.string().meta({ description: 'What holds when all is well.' }),
    state: z
      .enum(['ok', 'warning', 'fault', 'not_checked'])
      .meta({ description: '`not_checked` is no alarm: `seen` has the reason.' }),
    seen: z.string(),
    cause: z.string().nullable().meta({ description: 'The likely cause of a fault or a warning.' }),
    fix: z.string().nullable().meta({ description: 'What to do about it.' }),
  })
  .meta({ id: 'InstallationCheck' })
export type InstallationCheck = z.output<typeof InstallationCheck>

export const InstallationChecks = z
  .object({
    checkedAt: time.nullable().meta({ description: 'When the last run ended. Null before the first one.' }),
    isRunning: z.boolean().meta({ description: 'Whether the checks are running again. Ask once more soon.' }),
    faults: z.int(),
    warnings: z.int(),
    checks: z.array(InstallationCheck),
  })
  .meta({ id: 'InstallationChecks' })
export type InstallationChecks = z.output<typeof InstallationChecks>

export const ALL_QUEUES = 'all'

export const PauseQueue = z
  .object({ reason: z.string().min(1).max(500).optional() })
  .meta({ id: 'PauseQueue', example: { reason: 'moving the store' } })

export const QueueRebuilt = z
  .object({
    redispatched: z
      .int()
      .meta({ description: 'Queued rows whose dispatch was reset, so that they are dispatched again.' }),
    removed: z.int().meta({ description: 'Entries in BullMQ without a queued row.' }),
  })
  .meta({ id: 'QueueRebuilt' })
export type QueueRebuilt = z.output<typeof QueueRebuilt>

export const Quarantined = z
  .object({
    id: z.uuid(),
    projectId: z.uuid().nullable().meta({ description: 'Null if it is quarantined in every project.' }),
    sha256: z.string(),
    crashes: z.int(),
    reason: z.string(),
    createdAt: time,
  })
  .meta({ id: 'Quarantined' })
export type Quarantined = z.output<typeof Quarantined>

export const QuarantinePage = pageOf(Quarantined, 'QuarantinePage')

export const QuarantineQuery = z.object({
  projectId: z
    .uuid()
    .optional()
    .meta({ description: 'Operators can name a project; other keys always use their own.' }),
  ...pageQuery,
})

export const QuarantineContent = z
  .object({
    sha256: Sha256,
    reason: z.string().min(1).max(500),
    projectId: z
      .uuid()
      .optional()
      .meta({ description: 'Operators can name a project; other keys always use their own.' }),
    allProjects: z.boolean().default(false).meta({ description: 'Operators only.' }),
  })
  .meta({
    id: 'QuarantineContent',
    example: {
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      reason: 'makes the decoder loop',
    },
  })

/** What happened to an asset, in the order of time. */
export const TimelineEntry = z
  .object({
    at: time,
    what: z
      .string()
      .meta({ description: 'Such as `presigned`, `bytes seen`, `confirmed`, `dispatched`, `attempt 2 failed`.' }),
    detail: z.string().nullable(),
    error: ResourceError.nullable(),
  })
  .meta({ id: 'TimelineEntry' })
export type TimelineEntry = z.output<typeof TimelineEntry>

export const AttemptError = ResourceError.extend({
  said: z.string().optional().meta({ description: 'Message of the decoder, or the setting that decided.' }),
}).meta({ id: 'AttemptError', description: 'Why an attempt failed, with details for admins.' })
export type AttemptError = z.output<typeof AttemptError>

export const JobAttempt = z
  .object({
    jobId: z.uuid(),
    attempt: z.int(),
    host: z.string(),
    startedAt: time,
    finishedAt: time.nullable(),
    durationMs: z.int().nullable(),
    outcome: z.string().nullable().meta({ description: 'Null while it is running.' }),
    peakMemoryBytes: z.int().nullable(),
    error: AttemptError.nullable(),
  })
  .meta({ id: 'JobAttempt' })
export type JobAttempt = z.output<typeof JobAttempt>

export const Explanation = z
  .object({
    assetId: z.uuid(),
    projectId: z.uuid(),
    status: z.string(),
    isSettled: z.boolean(),
    blockedBy: z
      .string()
      .nullable()
      .meta({ description: 'Why it is not ready, in one sentence; null if nothing blocks it.' }),
    nextAction: z.string().meta({ description: 'What happens next automatically, or what a person can do.' }),
    error: ResourceError.extend({ class: z.enum(ERROR_CLASSES) }).nullable(),
    warnings: z.array(AssetWarning).meta({ description: 'Warnings about the file, which was processed anyway.' }),
    job: AdminJob.nullable(),
    attempts: z.array(JobAttempt),
    variants: z.array(
      z.object({ name: z.string(), required: z.boolean(), status: z.string(), error: ResourceError.nullable() }),
    ),
    timeline: z.array(TimelineEntry),
    quarantine: Quarantined.nullable(),
    receipt: DeletionReceipt.nullable(),
  })
  .meta({ id: 'Explanation' })
export type Explanation = z.output<typeof Explanation>
