import { appError } from '@darkroom/contracts'
import { IdParams, type Route, withZod } from '../route.ts'
import { giveUpUpload } from '../uploads/abort.ts'
import { appendToUpload } from './append.ts'
import { withTusUpload } from './tus-upload-of-request.ts'

/** Takes PATCH and DELETE as POST with `X-HTTP-Method-Override`, from clients behind what lets no other method through. */
export const overrideTusMethodRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/tus/:id',
    {
      onRequest: app.requireScope('upload', { clientToken: true }),
      config: { streamsBody: true },
      schema: { hide: true, params: IdParams },
    },
    async (request, reply) => {
      const method = request.headers['x-http-method-override']
      if (method === 'PATCH') await appendToUpload(deps, request, reply)
      else if (method === 'DELETE') await withTusUpload(deps, request, () => giveUpUpload(deps, request))
      else throw appError('METHOD_NOT_ALLOWED', 'POST to an upload needs X-HTTP-Method-Override: PATCH or DELETE.')
      return reply.code(204).send(null)
    },
  )
}
