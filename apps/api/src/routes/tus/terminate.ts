import { z } from 'zod'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { giveUpUpload } from '../uploads/abort.ts'
import { TusHeaders } from './protocol.ts'
import { withTusUpload } from './tus-upload-of-request.ts'

/** Gives up an upload by tus, as `DELETE /v1/uploads/:id` does any. */
export const terminateTusUploadRoute: Route = (app, deps) => {
  withZod(app).delete(
    '/v1/tus/:id',
    {
      onRequest: app.requireScope('upload', { clientToken: true }),
      config: { sends: ['Tus-Resumable'] },
      schema: {
        operationId: 'terminateTusUpload',
        tags: ['Uploads'],
        summary: 'Abort a tus upload',
        params: IdParams,
        headers: TusHeaders,
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      await withTusUpload(deps, request, () => giveUpUpload(deps, request))
      return reply.code(204).send(null)
    },
  )
}
