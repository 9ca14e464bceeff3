import { appError, errorEntry, type Problem } from '@darkroom/contracts'
import { AppError } from '@darkroom/core'
import { isDatabaseUnavailable, isNotStorable, isProjectClosed } from '@darkroom/db/client'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { ApiSettings } from '../deps.ts'
import { InvalidFields } from '../validation/invalid-fields.ts'
import { problemOf } from './problem.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Returns the URL of the documentation that problems link to. */
    docsUrl(): string
  }
  interface FastifyReply {
    /** Code of the problem that was sent; null without one. */
    problemCode: string | null
  }
}

const RETRY_AFTER_SEC = 2

/** Answers every failure as RFC 9457 problem details with a code of the catalogue. */
export const errorsPlugin = fp<{ settings: Pick<ApiSettings, 'docsUrl'> }>(
  async (app, { settings }) => {
    app.decorate('docsUrl', settings.docsUrl)
    app.decorateReply('problemCode', null)
    app.setErrorHandler((error: FastifyError | AppError, request, reply) => sendProblem(request, reply, error))
  },
  { name: 'errors', fastify: '5.x' },
)

export const sendNotFound = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendProblem(request, reply, appError('NOT_FOUND', `There is no ${request.method} ${request.url.split('?')[0]}.`))

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: FastifyError | AppError,
): FastifyReply {
  const error = translate(thrown)
  const { status } = errorEntry(error.code)
  if (status >= 500)
    request.log.error(
      { err: error, context: error.context },
      `${request.method} ${request.routeOptions.url ?? ''} failed`,
    )
  const retryAfterSec = error.retryAfterSec ?? (status === 503 || status === 429 ? RETRY_AFTER_SEC : undefined)
  if (retryAfterSec !== undefined) reply.header('retry-after', Math.ceil(retryAfterSec))
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="darkroom"')
  const problem = problemFor(request, error)
  reply.problemCode = error.code
  // As text, because a route's response schemas describe its own answers and would refuse this one.
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(problem))
}

/** Returns the problem details that a request is answered with; also of one of several things that it asked for. */
export const problemFor = (request: FastifyRequest, error: AppError): Problem => ({
  // The text of a bug may carry anything; the catalogue's text does not.
  ...problemOf({
    code: error.code,
    detail: error.code === 'INTERNAL' ? errorEntry('INTERNAL').owner : error.message,
    requestId: request.id,
    docsUrl: request.server.docsUrl(),
  }),
  ...(error instanceof InvalidFields && { errors: error.fields }),
})

const FASTIFY_CODES: Record<string, Parameters<typeof appError>[0]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  // No id is that long.
  FST_ERR_MAX_PARAM_LENGTH: 'NOT_FOUND',
}

/** What could not even be read, in our words. */
const UNREADABLE: Record<string, string> = {
  FST_ERR_BAD_URL: 'The path of the URL is not valid. Check its percent-encoding.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The length of the body does not match Content-Length.',
}

function translate(error: FastifyError | AppError): AppError {
  if (error instanceof AppError) return error
  const fastifyCode = FASTIFY_CODES[error.code]
  if (fastifyCode) return appError(fastifyCode, undefined, { cause: error })
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return appError('INVALID_REQUEST', UNREADABLE[error.code] ?? 'The request could not be parsed.', { cause: error })
  }
  if (isProjectClosed(error)) return appError('PROJECT_DELETING', undefined, { cause: error })
  if (isDatabaseUnavailable(error)) return appError('UNAVAILABLE', 'The database does not respond.', { cause: error })
  if (isNotStorable(error))
    return appError('INVALID_REQUEST', 'The request has a date or a string that cannot be stored.', { cause: error })
  return appError('INTERNAL', undefined, { cause: error })
}
