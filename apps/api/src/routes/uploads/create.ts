import { appError, CreateUpload, isMediaType, normalizeMediaType, UploadCreated } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { createUpload, findPreset, viewAsset } from '@darkroom/db'
import { uploadKey } from '@darkroom/storage'
import type { ApiDeps } from '../../deps.ts'
import { presentAsset } from '../../presenters/asset.ts'
import { presentUpload, presignExpiry } from '../../presenters/upload.ts'
import { problems, type Route, withZod } from '../route.ts'
import { cleanFilename } from './filename.ts'

/** Checks what can be checked before there are bytes, records asset, upload and object, and signs where to put them. */
export const createUploadRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/uploads',
    {
      onRequest: app.requireScope('upload'),
      schema: {
        tags: ['Uploads'],
        summary: 'Start an upload',
        body: CreateUpload,
        response: { 201: UploadCreated, ...problems },
      },
    },
    async (request, reply) => {
      const { body, principal } = request
      const contentType = acceptedType(body.contentType)
      checkSize(body.byteSize, deps)
      const { database, clock, settings } = deps
      const { projectId } = principal
      const preset = await findPreset(database.db, projectId, body.preset ?? 'default')
      if (!preset) throw appError('INVALID_REQUEST', `There is no preset named "${body.preset}".`)

      const assetId = newId()
      const uploadId = newId()
      const expiresAt = new Date(clock.now().getTime() + settings.uploadExpiresMs)
      const presignExpiresAt = presignExpiry(deps, expiresAt)
      const object = { bucket: settings.privateBucket, key: uploadKey(projectId, assetId) }
      const { asset } = await database.db.transaction(tx =>
        createUpload(tx, {
          projectId,
          presetId: preset.id,
          assetId,
          uploadId,
          ...object,
          filename: cleanFilename(body.filename),
          contentType,
          byteSize: body.byteSize,
          sha256: body.sha256 ?? null,
          externalId: body.externalId ?? null,
          metadata: body.metadata ?? {},
          tags: body.tags ?? [],
          presignExpiresAt,
          expiresAt,
        }),
      )
      const signed = await presentUpload(
        deps,
        { id: uploadId, assetId, projectId, contentType, byteSize: body.byteSize, expiresAt },
        object,
        presignExpiresAt,
      )
      const view = await viewAsset(database.db, asset)
      return reply.code(201).send({ asset: presentAsset(settings, view), ...signed })
    },
  )
}

function acceptedType(declared: string): string {
  const contentType = normalizeMediaType(declared)
  if (!isMediaType(contentType))
    throw appError('UNSUPPORTED_TYPE', `"${contentType}" is not a type that this installation takes; see /v1/status.`)
  return contentType
}

function checkSize(byteSize: number, { settings }: ApiDeps): void {
  if (byteSize < 0) throw appError('INVALID_REQUEST', 'byteSize must not be negative.')
  if (byteSize === 0) throw appError('EMPTY_FILE')
  if (byteSize > settings.maxUploadBytes) {
    throw appError('TOO_LARGE', `The file has ${byteSize} bytes; at most ${settings.maxUploadBytes} are taken.`)
  }
}
