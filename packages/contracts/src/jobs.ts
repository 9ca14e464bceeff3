import { z } from 'zod'

export const JOB_NAMES = ['asset.import', 'asset.process', 'asset.move', 'asset.delete'] as const
export type JobName = (typeof JOB_NAMES)[number]
export const isJobName = (name: string): name is JobName => JOB_NAMES.some(job => job === name)

export const JOB_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
export type JobStatus = (typeof JOB_STATUSES)[number]
export const SETTLED_JOB_STATUSES: readonly JobStatus[] = ['succeeded', 'failed', 'cancelled']

/** How often a job is tried when its failures are transient. Privacy and deletion were promised, so they outlast any outage. */
export const MAX_ATTEMPTS: Record<JobName, number> = {
  'asset.import': 8,
  'asset.process': 8,
  'asset.move': 1000,
  'asset.delete': 1000,
}

/** A queue is a declared kind of media, `import` while the kind is not known, or `system`; workers choose which ones they serve. */
export const QUEUE_NAMES = ['image', 'document', 'video', 'audio', 'import', 'system'] as const
export type QueueName = (typeof QUEUE_NAMES)[number]

/** Priority inside a queue, the most urgent first. */
export const LANES = ['interactive', 'retry', 'backfill', 'maintenance'] as const
export type Lane = (typeof LANES)[number]

export const JOB_PAYLOAD_VERSION = 1

/** All that travels through BullMQ: an id, and the version of this schema. The row is the truth. */
export const JobPayload = z.strictObject({ v: z.literal(JOB_PAYLOAD_VERSION), jobId: z.uuid() })
export type JobPayload = z.output<typeof JobPayload>
