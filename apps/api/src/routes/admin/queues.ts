import {
  ALL_QUEUES,
  appError,
  isErrorCode,
  PauseQueue,
  QUEUE_NAMES,
  type QueueName,
  QueuesOverview,
} from '@darkroom/contracts'
import { clearAlarms } from '@darkroom/db/operations'
import { pauseQueues, resumeQueues } from '@darkroom/jobs/sql'
import { z } from 'zod'
import { audited } from '../../audit/audited.ts'
import { repeatable } from '../../idempotency/idempotent.ts'
import { problems, type Route, withZod } from '../route.ts'
import { readOverview } from './queues-overview.ts'

const response = { 200: QueuesOverview, ...problems }

// A text, because a queue that does not exist is answered like anything that is not there.
const QueueParams = z.object({
  name: z.string().meta({ description: `One of ${QUEUE_NAMES.join(', ')}, or \`${ALL_QUEUES}\`.` }),
})

function queuesOf({ name }: { name: string }): QueueName[] {
  const queues = QUEUE_NAMES.filter(queue => name === ALL_QUEUES || name === queue)
  if (queues.length === 0)
    throw appError('NOT_FOUND', `There is no queue "${name}". Use one of ${QUEUE_NAMES.join(', ')} or ${ALL_QUEUES}.`)
  return queues
}

/** Returns what waits, runs and fails, which workers live, and what needs a person's attention. */
export const readQueuesRoute: Route = (app, deps) => {
  withZod(app).get(
    '/v1/admin/queues',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: { operationId: 'listQueues', tags: ['Admin'], summary: 'List queues', response },
    },
    request => readOverview(deps, request.log),
  )
}

/** Stops handing out jobs of a queue; uploads are taken and wait. */
export const pauseQueueRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/admin/queues/:name/pause',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      config: { audits: 'queue' },
      schema: {
        operationId: 'pauseQueue',
        tags: ['Admin'],
        summary: 'Pause a queue',
        description: 'Running jobs continue. A queue that is already paused keeps its first reason.',
        params: QueueParams,
        body: PauseQueue.nullish(),
        response,
      },
    },
    async (request, reply) => {
      const queues = queuesOf(request.params)
      const reason = request.body?.reason ?? null
      await repeatable(deps, request, reply, () =>
        deps.database.db.transaction(tx =>
          audited(
            tx,
            request,
            () => pauseQueues(tx, { queues, by: 'operator', reason }).then(() => true),
            nameOf(request),
          ),
        ),
      )
      return readOverview(deps, request.log)
    },
  )
}

/** Lets a queue go on, and takes the alarms that paused it as dealt with. */
export const resumeQueueRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/admin/queues/:name/resume',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      config: { audits: 'queue' },
      schema: {
        operationId: 'resumeQueue',
        tags: ['Admin'],
        summary: 'Resume a queue',
        description: 'Also clears the alarms that paused the queue. If the cause is not fixed, they are raised again.',
        params: QueueParams,
        response,
      },
    },
    async (request, reply) => {
      const queues = queuesOf(request.params)
      await repeatable(deps, request, reply, () =>
        deps.database.db.transaction(async tx => {
          const resumed = await audited(tx, request, () => resumeQueues(tx, queues), nameOf(request))
          for (const code of alarmCodes(resumed)) await clearAlarms(tx, { code })
        }),
      )
      return readOverview(deps, request.log)
    },
  )
}

const nameOf =
  ({ params }: { params: { name: string } }) =>
  () => ({ target: params.name, projectId: null })

/** Returns the codes of the alarms that paused queues: the reason of such a pause is the code. */
function alarmCodes(states: { pausedBy: string | null; reason: string | null }[]): Set<string> {
  const reasons = states.filter(state => state.pausedBy === 'alarm').map(state => state.reason ?? '')
  return new Set(reasons.flatMap(reason => reason.match(/[A-Z][A-Z_]+/g) ?? []).filter(isErrorCode))
}
