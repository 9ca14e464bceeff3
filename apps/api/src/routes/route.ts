import { appError, type ErrorCode, Problem } from '@darkroom/contracts'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { validate as isUuid } from 'uuid'
import { z } from 'zod'
import type { ApiDeps } from '../deps.ts'
import { rejectUnknownInput } from '../validation/reject-unknown-input.ts'
import { refuseOtherMethods } from './other-methods.ts'

/** One operation of the contract. */
export type Route = (app: FastifyInstance, deps: ApiDeps) => void

export const withZod = (app: FastifyInstance) => app.withTypeProvider<ZodTypeProvider>()

export const routesPlugin =
  (routes: Route[], deps: ApiDeps): FastifyPluginAsync =>
  async app => {
    app.addHook('onRoute', rejectUnknownInput)
    const otherMethods = refuseOtherMethods(app)
    for (const route of routes) route(app, deps)
    otherMethods.close()
  }

// A text and not a UUID, because an id that cannot be one is answered like any id that is not there: 404. In the one
// spelling that rows, notifications and caches have.
export const Id = z.string().toLowerCase()
export const IdParams = z.object({ id: Id })

/** Of links that people pass on: whoever shows them adds parameters of their own, such as `fbclid`. */
export const LinkQuery = z.looseObject({})

/** Returns the id of the path. @throws NOT_FOUND for anything that is not a UUID */
export function idOf(request: FastifyRequest<{ Params: { id: string } }>): string {
  const { id } = request.params
  if (!isUuid(id)) throw appError('NOT_FOUND')
  return id
}

/** Throws where an expression is wanted. */
export function raise(code: ErrorCode, detail?: string): never {
  throw appError(code, detail)
}

/** Every problem that an operation may answer with, for the OpenAPI document. */
export const problems = {
  '4xx': asProblem('The request is invalid.'),
  '5xx': asProblem('The server cannot handle the request.'),
}

function asProblem(description: string) {
  return { description, content: { 'application/problem+json': { schema: Problem } } }
}
