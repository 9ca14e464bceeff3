import { LANES, type Lane } from '@darkroom/contracts'
import type { Clock, Logger } from '@darkroom/core'
import type { AssetRow } from '@darkroom/db/assets'
import type { DatabaseClient } from '@darkroom/db/client'
import type { JobRow } from '@darkroom/db/jobs'
import { readWorkHistory, type WorkHistory } from '@darkroom/db/operations'

/** Says when work that is not finished will probably be. */
export interface Eta {
  /** Null when nothing is under way, or nothing is known. Never waits: what is not known yet is asked for meanwhile. */
  readyAt(asset: WithPreset, job: JobState | null): Date | null
  /** Seconds after which asking again is worth it. */
  retryAfterSec(asset: WithPreset & Pick<AssetRow, 'status'>, job: JobState | null): number
}

/** All that counts of a job. */
export type JobState = Pick<
  JobRow,
  'projectId' | 'queue' | 'lane' | 'status' | 'progress' | 'startedAt' | 'availableAt'
>
/** Null where only the job is at hand. */
type WithPreset = { presetId: string | null }

/** How old the figures may be. */
const FRESH_MS = 10_000
/** Of a run that says how far it is, this much must be done before that is worth something. */
const MIN_PROGRESS = 0.05
const MIN_RETRY_SEC = 1
const MAX_RETRY_SEC = 30
/** Until bytes arrive nobody knows when there will be news. */
const UPLOAD_RETRY_SEC = 3

export function createEta(database: DatabaseClient, clock: Clock, logger: Logger): Eta {
  let history: WorkHistory = { runs: [], waiting: [], slots: [], paused: [] }
  let readAtMs = -Infinity

  const refresh = () => {
    const nowMs = clock.now().getTime()
    if (nowMs - readAtMs < FRESH_MS) return
    readAtMs = nowMs
    readWorkHistory(database.db).then(
      found => {
        history = found
      },
      error => logger.debug({ err: error }, 'could not read job durations for the estimated time'),
    )
  }

  const readyAt: Eta['readyAt'] = ({ presetId }, job) => {
    refresh()
    const nowMs = clock.now().getTime()
    const remainingMs = job && remaining(history, presetId, job, nowMs)
    return remainingMs === null ? null : new Date(nowMs + remainingMs)
  }

  return {
    readyAt,
    retryAfterSec(asset, job) {
      if (asset.status === 'awaiting_upload') return UPLOAD_RETRY_SEC
      const at = readyAt(asset, job)
      if (!at) return MIN_RETRY_SEC
      // Half of what is left: an estimate that was too long costs little then, and one that was too short few requests.
      const halfSec = Math.ceil((at.getTime() - clock.now().getTime()) / 2000)
      return Math.min(MAX_RETRY_SEC, Math.max(MIN_RETRY_SEC, halfSec))
    },
  }
}

/** Milliseconds until a job is done, going by its progress and by how long others of its preset took. */
export function remaining(history: WorkHistory, presetId: string | null, job: JobState, nowMs: number): number | null {
  const typicalMs = typicalRun(history, presetId, job.queue)
  if (job.status === 'queued') {
    if (typicalMs === null || history.paused.includes(job.queue)) return null
    const delayMs = Math.max(0, job.availableAt.getTime() - nowMs)
    return delayMs + waitInLine(history, job, typicalMs) + typicalMs
  }
  if (job.status !== 'running' || !job.startedAt) return null
  const elapsedMs = Math.max(0, nowMs - job.startedAt.getTime())
  const byHistory = typicalMs === null ? null : Math.max(0, typicalMs - elapsedMs)
  if (job.progress < MIN_PROGRESS) return byHistory
  const byProgress = (elapsedMs * (1 - job.progress)) / job.progress
  return byHistory === null ? byProgress : job.progress * byProgress + (1 - job.progress) * byHistory
}

/**
 * Returns the mean duration of runs of this preset version; where it has none yet, the mean of all others in the queue.
 */
function typicalRun({ runs }: WorkHistory, presetId: string | null, queue: string): number | null {
  const inQueue = runs.filter(one => one.queue === queue)
  const own = inQueue.find(one => one.presetId === presetId)
  if (own) return own.medianMs
  const count = inQueue.reduce((sum, one) => sum + one.runs, 0)
  return count === 0 ? null : inQueue.reduce((sum, one) => sum + one.medianMs * one.runs, 0) / count
}

function waitInLine(history: WorkHistory, job: JobState, typicalMs: number): number {
  const slots = history.slots.find(({ queue }) => queue === job.queue)?.slots ?? 0
  return (jobsBefore(history, job) / Math.max(1, slots)) * typicalMs
}

/**
 * Counts the jobs before one in the order of the dispatcher: all of more urgent lanes; in its own lane those of its
 * project, as if it were the last, and as many of every other project, because projects take turns.
 */
function jobsBefore({ waiting }: WorkHistory, { queue, lane, projectId }: JobState): number {
  const line = waiting.filter(one => one.queue === queue)
  const inLane = line.filter(one => one.lane === lane)
  const own = inLane.find(one => one.projectId === projectId)?.jobs ?? 1
  const isUrgent = (other: Lane) => LANES.indexOf(other) < LANES.indexOf(lane)
  const urgent = line.filter(one => isUrgent(one.lane)).map(one => one.jobs)
  const turns = inLane.filter(one => one.projectId !== projectId).map(one => Math.min(one.jobs, own))
  return [own - 1, ...urgent, ...turns].reduce((sum, jobs) => sum + jobs, 0)
}
