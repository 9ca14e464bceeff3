import { appError, ConfirmUploads, UploadsConfirmed } from '@darkroom/contracts'
import { type AppError, isAppError } from '@darkroom/core'
import { type AssetRecord, readAssetRecords } from '@darkroom/db/assets'
import type { JobRow } from '@darkroom/db/jobs'
import { findUploads } from '@darkroom/db/uploads'
import { confirmAllArrived } from '@darkroom/ingest'
import type { FastifyRequest } from 'fastify'
import { countItems } from '../../auth/rate-limit.ts'
import type { ApiDeps } from '../../deps.ts'
import { repeatable } from '../../idempotency/idempotent.ts'
import { problemFor } from '../../plugins/errors.ts'
import { presentAsset, presentJob } from '../../presenters/asset.ts'
import { problems, type Route, withZod } from '../route.ts'
import { auditForeign } from './open-upload.ts'

/** Turns the bytes of several uploads into work; each is confirmed or refused by itself. */
export const confirmUploadsRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/uploads/confirm',
    {
      onRequest: app.requireScope('upload'),
      schema: {
        operationId: 'confirmUploads',
        tags: ['Uploads'],
        summary: 'Confirm up to 100 uploads',
        description:
          'Each is confirmed or refused by itself, as by `POST /v1/uploads/{id}/confirm`; each counts as a request for the rate limit.',
        body: ConfirmUploads,
        response: { 202: UploadsConfirmed, ...problems },
      },
    },
    async (request, reply) => {
      const { principal } = request
      const ids = request.body.ids.map(id => id.toLowerCase())
      const allowed = await countItems(deps, reply, principal, ids.length)
      const confirmed = await repeatable(deps, request, reply, () =>
        confirmThem(deps, request, new Set(ids.slice(0, allowed))),
      )
      const items = ids.map(uploadId => {
        const answer = confirmed.get(uploadId) ?? appError('RATE_LIMITED')
        if (isAppError(answer)) return { uploadId, outcome: 'refused' as const, error: problemFor(request, answer) }
        return {
          uploadId,
          outcome: 'confirmed' as const,
          asset: presentAsset(deps, answer.record),
          job: presentJob(answer.job),
        }
      })
      return reply.code(202).send({ items })
    },
  )
}

interface Confirmed {
  record: AssetRecord
  job: JobRow
}

async function confirmThem(
  deps: ApiDeps,
  request: FastifyRequest,
  ids: ReadonlySet<string>,
): Promise<Map<string, Confirmed | AppError>> {
  const { db } = deps.database
  const found = await findUploads(db, request.principal.projectId, [...ids])
  const confirmed = await confirmAllArrived(deps, found, { by: 'client' })
  const records = await readAssetRecords(
    db,
    confirmed.flatMap(one => (isAppError(one) ? [] : [one.asset])),
  )
  const recordOf = new Map(records.map(record => [record.asset.id, record]))
  const answers = new Map<string, Confirmed | AppError>([...ids].map(id => [id, appError('NOT_FOUND')]))
  const missing = ids.difference(new Set(found.map(({ upload }) => upload.id)))
  await Promise.all([...missing].map(id => auditForeign(db, request, id)))
  for (const [at, { upload }] of found.entries()) answers.set(upload.id, answerOf(confirmed[at], recordOf))
  return answers
}

function answerOf(
  one: Awaited<ReturnType<typeof confirmAllArrived>>[number] | undefined,
  recordOf: ReadonlyMap<string, AssetRecord>,
): Confirmed | AppError {
  if (!one) throw new Error('fewer answers than uploads')
  if (isAppError(one)) return one
  const record = recordOf.get(one.asset.id)
  if (!record) throw new Error(`asset ${one.asset.id} was confirmed and is gone`)
  return { record, job: one.job }
}
