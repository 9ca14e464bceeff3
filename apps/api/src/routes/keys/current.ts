import { CurrentKey } from '@darkroom/contracts'
import { LOCAL_PRINCIPAL } from '../../auth/principal.ts'
import { problems, type Route, withZod } from '../route.ts'

/** Tells who holds a key what it may do, so that a client need not offer what would be refused. */
export const currentKeyRoute: Route = app => {
  withZod(app).get(
    '/v1/key',
    {
      onRequest: app.requireKey(),
      schema: {
        operationId: 'getCurrentKey',
        tags: ['Keys'],
        summary: 'Get what the API key of the request may do',
        description: 'The scopes of the key and its project.',
        response: { 200: CurrentKey, ...problems },
      },
    },
    async ({ principal: { keyId, scopes, isOperator, project } }) => ({
      shortId: keyId === LOCAL_PRINCIPAL ? null : keyId,
      scopes: [...scopes],
      isOperator,
      project: project && { id: project.id, name: project.name, isPrivate: project.isPrivate },
    }),
  )
}
