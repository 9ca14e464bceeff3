import { appError, CreateForm, FormCreated } from '@darkroom/contracts'
import { issueFormToken } from '../../auth/form-token.ts'
import { projectOf } from '../../auth/principal.ts'
import { repeatable } from '../../idempotency/idempotent.ts'
import { problems, type Route, withZod } from '../route.ts'

const DEFAULT_TTL_SEC = 3600

/** Signs what an HTML form may upload, for a server that renders the form. Stores nothing. */
export const createFormRoute: Route = (app, deps) => {
  const { clock, settings } = deps
  withZod(app).post(
    '/v1/uploads/forms',
    {
      onRequest: app.requireScope('upload'),
      schema: {
        operationId: 'createForm',
        tags: ['Uploads'],
        summary: 'Create an upload form',
        description:
          'For a plain HTML form, whose file passes through the API. Render `fields` as hidden inputs before the file input. Until `expiresAt`, the form can be sent more than once.',
        body: CreateForm,
        response: { 201: FormCreated, ...problems },
      },
    },
    async (request, reply) => {
      const { id: projectId, browserOrigins } = projectOf(request.principal)
      const form = request.body
      const origin = form.redirectTo && new URL(form.redirectTo).origin
      if (origin && !browserOrigins.includes(origin) && !settings.corsOrigins.includes(origin))
        throw appError('INVALID_REQUEST', `The origin ${origin} of redirectTo is not in browserOrigins of the project.`)
      const created = await repeatable(deps, request, reply, async () => {
        const expiresAt = Math.floor(clock.now().getTime() / 1000) + (form.expiresInSec ?? DEFAULT_TTL_SEC)
        return {
          action: `${settings.publicUrl()}/v1/uploads/form`,
          fields: { token: issueFormToken({ projectId, expiresAt, form }, settings.secret) },
          expiresAt: new Date(expiresAt * 1000).toISOString(),
        }
      })
      return reply.code(201).send(created)
    },
  )
}
