import {
  appError,
  CreateUpload,
  isMediaType,
  MEDIA_TYPES,
  type MediaType,
  normalizeMediaType,
  UploadCreated,
} from '@darkroom/contracts'
import { crashpoint, newId } from '@darkroom/core'
import {
  type AssetRow,
  abortUpload,
  createUpload,
  findPreset,
  isContentBlocked,
  type Upload,
  viewAsset,
} from '@darkroom/db'
import { MAX_SINGLE_PUT_BYTES, type Place, planParts } from '@darkroom/ingest'
import { uploadKey } from '@darkroom/storage'
import type { ApiDeps } from '../../deps.ts'
import { acceptedTypes } from '../../kinds-on-offer.ts'
import { presentAsset } from '../../presenters/asset.ts'
import { clientTokenOf, presentUpload, presignExpiry } from '../../presenters/upload.ts'
import { problems, type Route, withZod } from '../route.ts'
import { copyKnown } from './copy-known.ts'
import { cleanFilename } from './filename.ts'

/**
 * Checks what can be checked before there are bytes, records asset, upload and object, and signs where to put them, unless
 * the project has them already.
 */
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
      const { asset, upload, place } = await record(deps, request.principal.projectId, request.body)
      crashpoint('create.after-commit')
      const copied = await copyKnown(deps, upload, place)
      if (copied) {
        const view = await viewAsset(deps.database.db, copied)
        const answer = { upload: { id: upload.id, type: 'none' as const }, clientToken: clientTokenOf(deps, upload) }
        return reply.code(201).send({ asset: presentAsset(deps.settings, view), ...answer })
      }
      const signed = await presentUpload(deps, upload, place, upload.presignExpiresAt).catch(async error => {
        // Nobody will know of it, and it must not keep the external id that it has.
        await deps.database.db.transaction(tx => abortUpload(tx, upload))
        throw error
      })
      const view = await viewAsset(deps.database.db, asset)
      return reply.code(201).send({ asset: presentAsset(deps.settings, view), ...signed })
    },
  )
}

interface Recorded {
  asset: AssetRow
  upload: Upload
  place: Place
}

async function record(deps: ApiDeps, projectId: string, body: CreateUpload): Promise<Recorded> {
  const contentType = await acceptedType(deps, body.contentType)
  checkSize(body, deps)
  const { database, clock, settings } = deps
  if (body.sha256 && (await isContentBlocked(database.db, projectId, body.sha256))) throw appError('CONTENT_BLOCKED')
  const preset = await findPreset(database.db, projectId, body.preset ?? 'default')
  if (!preset) throw appError('INVALID_REQUEST', `There is no preset named "${body.preset}".`)
  const assetId = newId()
  const expiresAt = new Date(clock.now().getTime() + settings.uploadExpiresMs)
  const place = { bucket: settings.privateBucket, key: uploadKey(projectId, assetId) }
  const isMultipart = body.multipart ?? body.byteSize > settings.multipartThresholdBytes
  const created = await database.db.transaction(tx =>
    createUpload(tx, {
      projectId,
      presetId: preset.id,
      assetId,
      uploadId: newId(),
      ...place,
      filename: cleanFilename(body.filename),
      contentType,
      byteSize: body.byteSize,
      sha256: body.sha256 ?? null,
      externalId: body.externalId ?? null,
      metadata: body.metadata ?? {},
      folder: body.folder ?? '',
      tags: body.tags ?? [],
      parts: isMultipart ? planParts(body.byteSize) : null,
      presignExpiresAt: presignExpiry(deps, expiresAt),
      expiresAt,
    }),
  )
  return { ...created, place }
}

async function acceptedType({ kinds, settings }: ApiDeps, declared: string): Promise<MediaType> {
  const contentType = normalizeMediaType(declared)
  const lacking = await kinds.lacking()
  if (!isMediaType(contentType) || !acceptedTypes(settings, []).includes(contentType))
    throw appError('UNSUPPORTED_TYPE', `"${contentType}" is not a type that this installation takes; see /v1/status.`)
  const kind = MEDIA_TYPES[contentType]
  if (lacking.includes(kind)) throw appError('DECODER_UNAVAILABLE', `No worker here has ffmpeg, which ${kind} needs.`)
  return contentType
}

function checkSize({ byteSize, multipart }: CreateUpload, { settings }: ApiDeps): void {
  if (byteSize < 0) throw appError('INVALID_REQUEST', 'byteSize must not be negative.')
  if (byteSize === 0) throw appError('EMPTY_FILE')
  if (byteSize > settings.maxUploadBytes) {
    throw appError('TOO_LARGE', `The file has ${byteSize} bytes; at most ${settings.maxUploadBytes} are taken.`)
  }
  if (multipart === false && byteSize > MAX_SINGLE_PUT_BYTES) {
    throw appError('TOO_LARGE', `One PUT takes at most ${MAX_SINGLE_PUT_BYTES} bytes; leave out "multipart": false.`)
  }
}
