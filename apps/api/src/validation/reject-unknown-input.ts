import { appError } from '@darkroom/contracts'
import type { FastifySchema, preValidationHookHandler, RouteOptions } from 'fastify'
import { z } from 'zod'
import { requestValidator } from './request-validator.ts'

const Nothing = z.object({})
const readNothing = requestValidator({ schema: Nothing.nullish(), httpPart: 'body', method: '', url: '' })

const refuseFields: preValidationHookHandler = (request, _reply, done) => {
  const { error } = readNothing(request.body) as { error?: Error }
  done(error)
}

const refuseCondition: preValidationHookHandler = ({ headers }, _reply, done) => {
  if (headers['if-match'] === undefined) done()
  else done(appError('INVALID_REQUEST', 'This operation does not support If-Match. Leave it out.'))
}

const comparesETags = ({ headers }: FastifySchema): boolean =>
  headers instanceof z.ZodObject && 'if-match' in headers.shape

/** Tells whether a route only reads. Its body is ignored, and its conditional headers are those of a cache. */
const isRead = ({ method }: RouteOptions): boolean => [method].flat().every(each => each === 'GET' || each === 'HEAD')

/**
 * Closes what a route does not read: a query that it has no schema for, a body likewise, and a condition that it would
 * not keep. An empty object is no body, as many clients send one with every POST.
 */
export function rejectUnknownInput(route: RouteOptions): void {
  const { schema = {}, preValidation = [] } = route
  route.schema = { ...schema, querystring: schema.querystring ?? Nothing }
  if (isRead(route)) return
  route.preValidation = [
    ...(schema.body ? [] : [refuseFields]),
    ...(comparesETags(schema) ? [] : [refuseCondition]),
    ...[preValidation].flat(),
  ]
}
