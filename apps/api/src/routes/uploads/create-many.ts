import { appError, CreateUploads, UploadsCreated } from '@darkroom/contracts'
import { isAppError } from '@darkroom/core'
import { type BatchedUpload, cleanFilename, openUploads } from '@darkroom/ingest'
import type { FastifyRequest } from 'fastify'
import { projectOf } from '../../auth/principal.ts'
import { countItems } from '../../auth/rate-limit.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { idempotentItemOf } from '../../idempotency/request-key.ts'
import { problemFor } from '../../plugins/errors.ts'
import { problems, type Route, withZod } from '../route.ts'
import { presentCreated } from './create.ts'

/** Holds 100 uploads with 16 kB of metadata and 50 tags each. */
const BODY_LIMIT_BYTES = 8 * 1024 * 1024

/** Where each of them alone is created. */
const SINGLE_ROUTE = 'POST /v1/uploads'

/** Creates several uploads in one transaction; each is accepted or refused by itself. */
export const createUploadsRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/uploads/batch',
    {
      onRequest: app.requireScope('upload'),
      bodyLimit: BODY_LIMIT_BYTES,
      schema: {
        operationId: 'createUploads',
        tags: ['Uploads'],
        summary: 'Create up to 100 uploads',
        description:
          'Each is accepted or refused by itself, as by `POST /v1/uploads`; each counts as a request for the rate limit. A body that does not match the schema refuses all.',
        body: CreateUploads,
        response: { 201: UploadsCreated, ...problems },
      },
    },
    async (request, reply) => {
      const { headers, principal } = request
      const asked = request.body.uploads
      const allowed = await countItems(deps, reply, principal, asked.length)
      const uploads = asked.map((item, at) => (at < allowed ? batchedUpload(request, item) : appError('RATE_LIMITED')))
      const opened = await openUploads(
        deps,
        { project: projectOf(principal), uploads },
        {
          isRepeatable: headers['idempotency-key'] !== undefined,
          run: work => idempotent(deps, request, reply, work),
        },
      )
      const items = opened.map(one =>
        isAppError(one)
          ? { outcome: 'refused' as const, error: problemFor(request, one) }
          : { outcome: 'created' as const, ...presentCreated(deps, one) },
      )
      return reply.code(201).send({ items })
    },
  )
}

function batchedUpload(
  request: FastifyRequest,
  { idempotencyKey: key, ...body }: CreateUploads['uploads'][number],
): BatchedUpload {
  return {
    body,
    filename: cleanFilename(body.filename),
    request: key === undefined ? null : idempotentItemOf(request, { route: SINGLE_ROUTE, key, body }),
  }
}
