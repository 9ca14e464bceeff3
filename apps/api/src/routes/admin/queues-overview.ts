import {
  type Alarm,
  errorEntry,
  type QueueName,
  type QueueOverview,
  type QueuesOverview,
  type WorkerInfo,
} from '@darkroom/contracts'
import { livingWorkers, type QueueNumbers, type QueueState, readQueueNumbers, type WorkerRow } from '@darkroom/db/jobs'
import { type AlarmRow, openAlarms } from '@darkroom/db/operations'
import { listQueueStates } from '@darkroom/jobs/sql'
import type { FastifyBaseLogger } from 'fastify'
import type { ApiDeps } from '../../deps.ts'

type BackendCounts = Map<QueueName, { waiting: number; active: number }>

/**
 * Reads the overview for operators. The counts of BullMQ are null when it does not answer; the rows of the database say
 * the rest.
 */
export async function readOverview(
  { database, queues }: Pick<ApiDeps, 'database' | 'queues'>,
  log: FastifyBaseLogger,
): Promise<QueuesOverview> {
  const { db } = database
  const [numbers, states, workers, alarms] = await Promise.all([
    readQueueNumbers(db),
    listQueueStates(db),
    livingWorkers(db),
    openAlarms(db),
  ])
  const backend = await countBackend(
    queues,
    numbers.map(each => each.queue),
    log,
  )
  const stateOf = new Map(states.map(state => [state.queue, state]))
  return {
    queues: numbers.map(each => presentQueue(each, stateOf.get(each.queue), workers, backend)),
    workers: workers.map(presentWorker),
    alarms: alarms.map(presentAlarm),
  }
}

async function countBackend(
  queues: ApiDeps['queues'],
  names: QueueName[],
  log: FastifyBaseLogger,
): Promise<BackendCounts> {
  try {
    return new Map(await Promise.all(names.map(async name => [name, await queues.counts(name)] as const)))
  } catch (error) {
    log.warn({ err: error }, 'could not read the queue counts from BullMQ')
    return new Map()
  }
}

function presentQueue(
  numbers: QueueNumbers,
  state: QueueState | undefined,
  workers: WorkerRow[],
  backend: BackendCounts,
): QueueOverview {
  const { queue, queuedByLane, oldestQueuedAt, ...counts } = numbers
  const serving = workers.filter(worker => worker.queues.includes(queue) && !worker.drainingAt)
  const held = backend.get(queue)
  return {
    queue,
    ...counts,
    pausedAt: state?.pausedAt?.toISOString() ?? null,
    pausedBy: state?.pausedBy ?? null,
    reason: state?.reason ?? null,
    queued: Object.values(queuedByLane).reduce((sum, jobs) => sum + jobs, 0),
    queuedByLane,
    oldestQueuedAt: oldestQueuedAt?.toISOString() ?? null,
    waitingInBackend: held?.waiting ?? null,
    activeInBackend: held?.active ?? null,
    workers: serving.length,
    slots: serving.reduce((sum, worker) => sum + worker.slots, 0),
  }
}

const presentWorker = ({ startedAt, seenAt, drainingAt, ...worker }: WorkerRow): WorkerInfo => ({
  ...worker,
  startedAt: startedAt.toISOString(),
  seenAt: seenAt.toISOString(),
  drainingAt: drainingAt?.toISOString() ?? null,
})

const presentAlarm = ({ clearedAt: _, raisedAt, lastSeenAt, ...alarm }: AlarmRow): Alarm => ({
  ...alarm,
  action: errorEntry(alarm.code).admin,
  raisedAt: raisedAt.toISOString(),
  lastSeenAt: lastSeenAt.toISOString(),
})
