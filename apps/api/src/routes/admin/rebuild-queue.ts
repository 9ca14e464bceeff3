import { QUEUE_NAMES, QueueRebuilt } from '@darkroom/contracts'
import { forgetDispatches } from '@darkroom/jobs/sql'
import { audited } from '../../audit/audited.ts'
import { repeatable } from '../../idempotency/idempotent.ts'
import { problems, type Route, withZod } from '../route.ts'

/** Makes what BullMQ holds anew out of the rows, which are the truth. */
export const rebuildQueueRoute: Route = (app, deps) => {
  const { database, queues } = deps
  withZod(app).post(
    '/v1/admin/rebuild-queue',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      config: { audits: 'queue' },
      schema: {
        operationId: 'rebuildQueue',
        tags: ['Admin'],
        summary: 'Rebuild the queue from the database',
        description: 'This never loses or repeats work, because jobs are claimed in the database.',
        response: { 200: QueueRebuilt, ...problems },
      },
    },
    (request, reply) =>
      repeatable(deps, request, reply, async () => {
        // Listed first: jobs that are dispatched from here on have other ids and stay.
        const held = await Promise.all(
          QUEUE_NAMES.map(async queue => ({ queue, entries: [...(await queues.waiting(queue))] })),
        )
        const { redispatched } = await database.db.transaction(async tx => {
          const change = async () => ({ redispatched: await forgetDispatches(tx) })
          return audited(tx, request, change, outcome => ({ target: 'all', projectId: null, outcome }))
        })
        let removed = 0
        for (const { queue, entries } of held) {
          for (const entry of entries) await queues.remove(queue, entry)
          removed += entries.length
        }
        return { redispatched, removed }
      }),
  )
}
