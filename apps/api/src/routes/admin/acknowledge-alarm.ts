import { appError } from '@darkroom/contracts'
import { clearAlarm } from '@darkroom/db/operations'
import { z } from 'zod'
import { audited } from '../../audit/audited.ts'
import { IdParams, idOf, problems, type Route, withZod } from '../route.ts'

/** Takes an alarm as dealt with. What still is wrong raises it again. */
export const acknowledgeAlarmRoute: Route = (app, { database }) => {
  withZod(app).delete(
    '/v1/admin/alarms/:id',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      config: { audits: 'alarm' },
      schema: {
        operationId: 'acknowledgeAlarm',
        tags: ['Admin'],
        summary: 'Acknowledge an alarm',
        params: IdParams,
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const id = idOf(request)
      const isCleared = await database.db.transaction(tx =>
        audited(
          tx,
          request,
          () => clearAlarm(tx, id),
          () => ({ target: id, projectId: null }),
        ),
      )
      if (!isCleared) throw appError('NOT_FOUND', 'This alarm does not exist or is no longer open.')
      return reply.code(204).send(null)
    },
  )
}
