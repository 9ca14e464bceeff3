import type { preValidationHookHandler, RouteOptions } from 'fastify'
import { z } from 'zod'
import { requestValidator } from './request-validator.ts'

const Nothing = z.object({})
const readNothing = requestValidator({ schema: Nothing.nullish(), httpPart: 'body', method: '', url: '' })

const refuseFields: preValidationHookHandler = (request, _reply, done) => {
  const { error } = readNothing(request.body) as { error?: Error }
  done(error)
}

/**
 * Closes what a route does not read: a query that it has no schema for, and a body likewise. An empty object is no body,
 * as many clients send one with every POST.
 */
export function closeUnread(route: RouteOptions): void {
  const { schema = {}, preValidation = [] } = route
  route.schema = { ...schema, querystring: schema.querystring ?? Nothing }
  if (!schema.body) route.preValidation = [refuseFields, ...[preValidation].flat()]
}
