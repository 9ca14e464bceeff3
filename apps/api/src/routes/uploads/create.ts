import { appError, CreateUpload, detailsOf, UploadCreated } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { type AssetRecord, readAssetRecord } from '@darkroom/db/assets'
import { abortUpload, isContentBlocked } from '@darkroom/db/deletion'
import { checkQuota, hasQuota, type Project } from '@darkroom/db/projects'
import { createUpload, extendPresign, findUpload, type Upload } from '@darkroom/db/uploads'
import { divideUpload, MAX_SINGLE_PUT_BYTES, type Place, placeOf, typeToTry } from '@darkroom/ingest'
import { uploadKey } from '@darkroom/storage'
import { projectOf } from '../../auth/principal.ts'
import type { ApiDeps } from '../../deps.ts'
import { type Commit, idempotent } from '../../idempotency/idempotent.ts'
import { presentAsset } from '../../presenters/asset.ts'
import { clientTokenOf, presentUpload, presignExpiry } from '../../presenters/upload.ts'
import { problems, type Route, withZod } from '../route.ts'
import { copyKnown } from './copy-known.ts'
import { cleanFilename } from './filename.ts'
import { assertOpen } from './open-upload.ts'
import { presetSelectorOf } from './preset-selector.ts'

/**
 * Checks what can be checked before there are bytes, records asset, upload and object, and signs where to put them, unless
 * the project has them already.
 */
export const createUploadRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/uploads',
    {
      onRequest: app.requireScope('upload'),
      config: { sends: ['Location'] },
      schema: {
        operationId: 'createUpload',
        tags: ['Uploads'],
        summary: 'Create an upload',
        body: CreateUpload,
        response: { 201: UploadCreated, ...problems },
      },
    },
    async (request, reply) => {
      const project = projectOf(request.principal)
      const recorded = await idempotent<Recorded>(deps, request, reply, {
        isOneStatement: !hasQuota(project),
        perform: commit => insertUpload(deps, project, request.body, commit),
        outcomeOf: created => created.upload.id,
        recall: uploadId => recallUpload(deps, project.id, uploadId),
      })
      deps.faults.crashpoint('create.after-commit')
      const instructed = await instruct(deps, recorded).catch(async error => {
        // Nobody will know of it, and it must not keep the external id that it has; who has a key asks again.
        if (request.headers['idempotency-key'] === undefined)
          await deps.database.db.transaction(tx => abortUpload(tx, recorded.upload))
        throw error
      })
      return reply.code(201).header('location', `/v1/uploads/${recorded.upload.id}`).send(instructed)
    },
  )
}

/** Says where and how to put the bytes; of those that are there or known, that there is nothing to do. */
async function instruct(deps: ApiDeps, { record, upload, place }: Recorded): Promise<UploadCreated> {
  const arrived = place === null ? record.asset : await copyKnown(deps, upload, place)
  if (place === null || arrived !== null) {
    const asset = presentAsset(deps, await readAssetRecord(deps.database.db, arrived ?? record.asset))
    return { asset, upload: { id: upload.id, type: 'none' }, clientToken: clientTokenOf(deps, upload) }
  }
  const signed = await presentUpload(deps, upload, place, upload.presignExpiresAt)
  return { asset: presentAsset(deps, record), ...signed }
}

interface Recorded {
  record: AssetRecord
  upload: Upload
  /** Null when the bytes have arrived, so that none are to be put any more. */
  place: Place | null
}

async function insertUpload(
  deps: ApiDeps,
  project: Project,
  body: CreateUpload,
  commit: Commit<Recorded>,
): Promise<Recorded> {
  const { allowedTypes, detectTypeByContent } = project
  const { acceptsSvg } = deps.settings
  const rules = { acceptsSvg, unavailable: await deps.kinds.unavailable(), allowedTypes, detectTypeByContent }
  const contentType = typeToTry(body, rules)
  checkSize(body, deps, project)
  const { database, clock, settings } = deps
  const projectId = project.id
  if (body.sha256 && (await isContentBlocked(database.db, projectId, body.sha256))) throw appError('CONTENT_BLOCKED')
  const preset = presetSelectorOf(project, body)
  const assetId = newId()
  const expiresAt = new Date(clock.now().getTime() + settings.uploadExpiresMs)
  const place = { bucket: settings.privateBucket, key: uploadKey(projectId, assetId) }
  const isMultipart = body.multipart ?? body.byteSize > settings.multipartThresholdBytes
  return commit(async tx => {
    await checkQuota(tx, project, body.byteSize)
    const created = await createUpload(tx, {
      projectId,
      preset,
      assetId,
      uploadId: newId(),
      ...place,
      filename: cleanFilename(body.filename),
      contentType,
      byteSize: body.byteSize,
      sha256: body.sha256 ?? null,
      ...detailsOf(body),
      parts: isMultipart ? divideUpload(body.byteSize) : null,
      presignExpiresAt: presignExpiry(deps, expiresAt),
      expiresAt,
    })
    const { asset, upload } = created
    // Nothing was made of it yet, so there is nothing to read.
    return { record: { asset, preset: created.preset, delivery: project, variants: [], job: null }, upload, place }
  })
}

/** The upload that the same request made before, as it is by now: with new URLs while bytes can be put for it. */
async function recallUpload(deps: ApiDeps, projectId: string, uploadId: string): Promise<Recorded> {
  const { db } = deps.database
  const found = await findUpload(db, projectId, uploadId)
  if (!found) throw appError('ASSET_DELETED')
  const { asset, upload } = found
  if (upload.confirmedAt && !asset.deletedAt) return { record: await readAssetRecord(db, asset), upload, place: null }
  assertOpen(found)
  const presignExpiresAt = presignExpiry(deps, upload.expiresAt)
  // Recorded before it is signed: clean-up must know until when somebody can write the key. When it was confirmed or
  // given up meanwhile, it is read once more.
  if (!(await extendPresign(db, upload.id, presignExpiresAt))) return recallUpload(deps, projectId, uploadId)
  return { record: await readAssetRecord(db, asset), upload: { ...upload, presignExpiresAt }, place: placeOf(found) }
}

function checkSize({ byteSize, multipart }: CreateUpload, { settings }: ApiDeps, project: Project): void {
  if (byteSize < 0) throw appError('INVALID_REQUEST', 'byteSize must not be negative.')
  if (byteSize === 0) throw appError('EMPTY_FILE')
  const maxBytes = Math.min(settings.maxUploadBytes, project.maxUploadBytes ?? Number.POSITIVE_INFINITY)
  if (byteSize > maxBytes) throw appError('TOO_LARGE', `The file has ${byteSize} bytes. The maximum is ${maxBytes}.`)
  if (multipart === false && byteSize > MAX_SINGLE_PUT_BYTES) {
    throw appError(
      'TOO_LARGE',
      `A single PUT can have at most ${MAX_SINGLE_PUT_BYTES} bytes. Leave out "multipart": false.`,
    )
  }
}
