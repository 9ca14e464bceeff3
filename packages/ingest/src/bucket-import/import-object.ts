import { setTimeout as sleep } from 'node:timers/promises'
import { appError, errorEntry, isMediaType, kindToTry, normalizeMediaType } from '@darkroom/contracts'
import { isAppError } from '@darkroom/core'
import { abortUpload } from '@darkroom/db/deletion'
import type { Project } from '@darkroom/db/projects'
import {
  type BucketImportObject,
  type BucketObjectId,
  claimBucketObject,
  confirmUpload,
  findBucketObjects,
  findConfirmed,
  findUpload,
  forgetBucketObject,
  markBucketObjectFailed,
  markBucketObjectImported,
  type Upload,
} from '@darkroom/db/uploads'
import type { Pin } from '@darkroom/storage'
import type { OpenUploadDeps } from '../deps.ts'
import { type Place, placeOf } from '../multipart-upload.ts'
import { recordUpload } from '../record-upload.ts'
import { readClosedUploadError } from '../upload-errors.ts'
import type { BucketSource, Deliver, SourceObject } from './bucket-source.ts'
import { type KeyMapping, placeOfKey } from './place-of-key.ts'

/** What all objects of an import have in common. */
export interface BucketAssets extends KeyMapping {
  project: Project
  preset?: string | undefined
  tags?: string[] | undefined
  /** Makes the key the external id of its asset, by which old links can be rewritten. */
  keyAsExternalId: boolean
}

export interface ObjectImport {
  deps: OpenUploadDeps
  importId: string
  source: BucketSource
  assets: BucketAssets
  deliver: Deliver
  signal: AbortSignal
}

/** What became of an object. */
export type ObjectOutcome =
  | { outcome: 'imported'; key: string; byteSize: number; assetId: string }
  /** It is gone from the bucket, or another run has it. */
  | { outcome: 'skipped'; key: string }
  | { outcome: 'failed'; key: string; code: string; message: string }

const ATTEMPTS = 4
const FIRST_DELAY_MS = 500

/**
 * Makes an asset of an object, once: the row of the object, the asset and its upload are one transaction, and so are the confirm and the end
 * of the row. A process that dies in between leaves an open upload, which the next run goes on with; the sweeper and the store's events may
 * confirm it as well.
 * @throws the signal's reason, and what the database throws; everything else is an outcome
 */
export async function importObject(
  run: ObjectImport,
  listed: Pick<BucketImportObject, 'key' | 'etag'>,
): Promise<ObjectOutcome> {
  const { deps, signal } = run
  const { key } = listed
  const id = { importId: run.importId, ...pick(listed) }
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptObject(run, id)
    } catch (error) {
      signal.throwIfAborted()
      if (!isAppError(error)) throw error
      const pauseMs = pauseBefore(error.code, attempt, error.retryAfterSec)
      if (pauseMs === null) {
        const failure = { code: error.code, message: error.message }
        await markBucketObjectFailed(deps.database.db, id, failure)
        return { outcome: 'failed', key, ...failure }
      }
      await sleep(pauseMs, undefined, { signal })
    }
  }
}

const pick = ({ key, etag }: Pick<BucketImportObject, 'key' | 'etag'>) => ({ key, etag })

/** Returns how long to wait until the next attempt; null when there is none. Too many open uploads become fewer by themselves. */
function pauseBefore(
  code: Parameters<typeof errorEntry>[0],
  attempt: number,
  retryAfterSec: number | undefined,
): number | null {
  const isCrowded = code === 'RATE_LIMITED'
  if (!isCrowded && (errorEntry(code).class !== 'transient' || attempt >= ATTEMPTS)) return null
  return retryAfterSec === undefined ? FIRST_DELAY_MS * 2 ** Math.min(attempt, ATTEMPTS) : retryAfterSec * 1000
}

async function attemptObject(run: ObjectImport, listed: BucketObjectId): Promise<ObjectOutcome> {
  const { deps, source, signal } = run
  const { db } = deps.database
  const { key } = listed
  const head = await source.store.head({ bucket: source.bucket, key }, { signal })
  const id = { ...listed, etag: head?.etag ?? listed.etag }
  // Deleted, or written again since it was listed: the version of then cannot be had by its name.
  if (head?.etag !== listed.etag) await forgetBucketObject(db, listed)
  if (!head) return { outcome: 'skipped', key }
  const known = (await findBucketObjects(db, id.importId, [key])).find(({ etag }) => etag === id.etag)
  if (known?.importedAt) return { outcome: 'skipped', key }
  const opened = (await reopened(run, known)) ?? (await opening(run, id, { ...head, key }, known?.uploadId ?? null))
  if (!opened) return { outcome: 'skipped', key }
  deps.faults.crashpoint('bucket.after-claim')
  const { upload, place } = opened
  try {
    const pin = upload.confirmedAt
      ? null
      : await run.deliver({ ...head, key }, { ...place, contentType: upload.contentType }, signal)
    deps.faults.crashpoint('bucket.after-copy')
    await settle(deps, id, upload, pin)
    deps.faults.crashpoint('bucket.after-confirm')
  } catch (error) {
    // Nobody else brings its bytes, and it must not keep the external id.
    if (isAppError(error) && errorEntry(error.code).class === 'permanent')
      await db.transaction(tx => abortUpload(tx, upload))
    throw error
  }
  return { outcome: 'imported', key, byteSize: head.byteSize, assetId: upload.assetId }
}

interface Opened {
  upload: Upload
  place: Place
}

/** Finds the upload that an earlier run left, if bytes can still be put for it, or were. */
async function reopened({ deps, assets }: ObjectImport, known: BucketImportObject | undefined): Promise<Opened | null> {
  const found = known?.uploadId ? await findUpload(deps.database.db, assets.project.id, known.uploadId) : null
  if (!found || found.asset.deletedAt || found.upload.abortedAt) return null
  const { upload } = found
  if (!upload.confirmedAt && found.isExpired) return null
  return { upload, place: found.object ? placeOf(found) : { bucket: '', key: '' } }
}

/** Tells that another run made the upload of an object. */
class TakenByAnother extends Error {}

/** Records asset, upload and object together with the row of the source's object; null when another run was faster. */
async function opening(
  { deps, assets }: ObjectImport,
  id: BucketObjectId,
  object: SourceObject,
  from: string | null,
): Promise<Opened | null> {
  const { project, preset, tags, keyAsExternalId } = assets
  const { filename, folder } = placeOfKey(object.key, assets)
  const body = {
    filename,
    folder,
    contentType: knownType(object.contentType),
    byteSize: object.byteSize,
    ...(preset !== undefined && { preset }),
    ...(tags !== undefined && { tags }),
    ...(keyAsExternalId && { externalId: externalIdOf(object.key) }),
  }
  try {
    const { upload, place } = await recordUpload(deps, { project, body, filename }, effect =>
      deps.database.db.transaction(async tx => {
        const recorded = await effect(tx)
        const { id: uploadId, assetId } = recorded.upload
        if (!(await claimBucketObject(tx, id, { from, uploadId, assetId }))) throw new TakenByAnother()
        deps.faults.crashpoint('bucket.before-claim')
        return recorded
      }),
    )
    return place && { upload, place }
  } catch (error) {
    if (error instanceof TakenByAnother) return null
    throw error
  }
}

/** Old buckets have types of all kinds, of those who uploaded by hand: one that we do not know says nothing, and the name decides. */
const knownType = (contentType: string | null): string =>
  contentType !== null && isMediaType(normalizeMediaType(contentType)) ? contentType : ''

const MAX_EXTERNAL_ID = 255

function externalIdOf(key: string): string {
  if (key.length <= MAX_EXTERNAL_ID) return key
  throw appError(
    'INVALID_REQUEST',
    `The key has more than ${MAX_EXTERNAL_ID} characters, so it cannot be the external id.`,
  )
}

/** Confirms the upload and ends the row of the object, in one transaction. */
async function settle(
  { database, faults }: OpenUploadDeps,
  id: BucketObjectId,
  upload: Upload,
  pin: Pin | null,
): Promise<void> {
  const { contentType, byteSize } = upload
  const isConfirmed = await database.db.transaction(async tx => {
    const bytes = pin && { ...pin, contentType, byteSize, queue: kindToTry(contentType) }
    const won = bytes && (await confirmUpload(tx, { upload, bytes, by: 'import' }))
    // The store's event or the sweeper may have been faster.
    if (!won && !(await findConfirmed(tx, upload))) return false
    await markBucketObjectImported(tx, id)
    faults.crashpoint('bucket.before-confirm')
    return true
  })
  if (!isConfirmed) throw await readClosedUploadError(database.db, upload)
}
