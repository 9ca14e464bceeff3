import { appError, kindToTry } from '@darkroom/contracts'
import { type AppError, isAppError } from '@darkroom/core'
import { withSpan } from '@darkroom/core/tracing'
import type { AssetRow } from '@darkroom/db/assets'
import type { JobRow } from '@darkroom/db/jobs'
import { type ConfirmedBy, confirmUploads, findConfirmed, type UploadWithAsset } from '@darkroom/db/uploads'
import type { CurrentObject, Pin } from '@darkroom/storage'
import { assembleParts, type ClaimedPart } from './assemble-parts.ts'
import type { IngestDeps } from './deps.ts'
import { partLayoutOf, placeOf } from './multipart-upload.ts'
import { readClosedUploadError } from './upload-errors.ts'

export interface ConfirmInput {
  by: ConfirmedBy
  /** The parts that the client sent, when it says so. */
  parts?: readonly ClaimedPart[] | undefined
  signal?: AbortSignal | undefined
}

export interface Confirmed {
  asset: AssetRow
  job: JobRow
  /** Whether this call did it; false when the upload was confirmed before. */
  isNew: boolean
  /** When the store got the object; null when we had it put together just now, or did not look. */
  arrivedAt: Date | null
}

/**
 * Turns bytes that arrived into work, once, however often and by however many it is called: the client's confirm, the
 * store's event and the sweeper all end here. The store is asked outside any transaction; one transaction has one winner.
 * @throws UPLOAD_INCOMPLETE, INVALID_PARTS, SIZE_MISMATCH (the wrong bytes were removed), UPLOAD_EXPIRED, ASSET_DELETED
 */
export async function confirmArrived(
  deps: IngestDeps,
  found: UploadWithAsset,
  input: ConfirmInput,
): Promise<Confirmed> {
  const [confirmed] = await confirmAllArrived(deps, [found], input)
  if (!confirmed || confirmed instanceof Error) throw confirmed
  return confirmed
}

/**
 * Does the same for several, in one transaction. Each is confirmed or refused by itself.
 * @returns in the order of the input, what `confirmArrived` returns or throws
 */
export async function confirmAllArrived(
  deps: IngestDeps,
  all: readonly UploadWithAsset[],
  input: ConfirmInput,
): Promise<(Confirmed | AppError)[]> {
  const listed = await listArrived(deps, all, input.signal)
  const looked = await Promise.all(all.map(found => orRefusal(arrivedBytes(deps, found, { ...input, listed }))))
  if (input.by === 'sweeper') deps.faults.crashpoint('sweep.after-head')
  const arrived = all.flatMap((found, at) => {
    const bytes = looked[at]
    return bytes && !isAppError(bytes) ? [{ found, bytes }] : []
  })
  const won = await commit(deps, arrived, input.by)
  if (won.size > 0) deps.faults.crashpoint('confirm.after-commit')
  return Promise.all(
    all.map(async (found, at) => {
      const bytes = looked[at] ?? null
      if (isAppError(bytes)) return bytes
      const mine = won.get(found.upload.id)
      if (mine) return { ...mine, isNew: true, arrivedAt: bytes?.arrivedAt ?? null }
      return orRefusal(confirmedBefore(deps, found))
    }),
  )
}

/** Answers what the catalogue has a code for, and rejects with anything else. */
const orRefusal = <T>(answer: Promise<T>): Promise<T | AppError> =>
  answer.catch(error => {
    if (isAppError(error)) return error
    throw error
  })

interface ArrivedBytes extends Pin {
  arrivedAt: Date | null
}

/** What listings tell of the uploads of one PUT that are to be confirmed, by key. */
async function listArrived(
  { store }: IngestDeps,
  all: readonly UploadWithAsset[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, CurrentObject>> {
  const open = all.filter(({ upload }) => upload.type === 'single' && !upload.confirmedAt)
  const byBucket = Map.groupBy(
    open.flatMap(({ object }) => object ?? []),
    ({ bucket }) => bucket,
  )
  const listings = await Promise.all(
    [...byBucket].map(([bucket, objects]) =>
      store.listCurrent({ bucket, keys: objects.map(({ key }) => key) }, { signal }),
    ),
  )
  return new Map(listings.flatMap(listing => [...listing]))
}

/**
 * Checks what the store has; null of an upload that was confirmed before. Bytes of the wrong size are removed. The client can PUT again in any case, because the
 * newest version counts.
 */
async function arrivedBytes(
  { store }: IngestDeps,
  found: UploadWithAsset,
  { parts, signal, listed }: ConfirmInput & { listed: ReadonlyMap<string, CurrentObject> },
): Promise<ArrivedBytes | null> {
  const { upload, asset } = found
  if (asset.deletedAt) throw appError('ASSET_DELETED')
  if (upload.confirmedAt) return null
  if (asset.status === 'expired' || found.isExpired) throw appError('UPLOAD_EXPIRED')
  const place = placeOf(found)
  const layout = partLayoutOf(upload)
  const assembled = layout && (await assembleParts(store, { upload, layout, place, claimed: parts, signal }))
  if (assembled) return { ...assembled, arrivedAt: null }
  const head = listed.get(place.key) ?? (await store.head(place, { signal }))
  if (!head) throw appError('UPLOAD_INCOMPLETE')
  const { versionId, etag, byteSize, lastModified } = head
  if (byteSize === upload.byteSize) return { versionId, etag, arrivedAt: lastModified }
  await store.deleteVersion({ ...place, versionId }, { signal }).catch(unlessForbidden)
  throw appError(
    'SIZE_MISMATCH',
    `${upload.byteSize} bytes were declared, but ${byteSize} arrived. PUT the file again, then confirm.`,
  )
}

/**
 * Ignores a refused deletion. The key of an API need not have `deleteFiles`: a worker removes all versions when the
 * upload ends.
 */
function unlessForbidden(error: unknown): void {
  if (!isAppError(error, 'STORE_CREDENTIALS')) throw error
}

async function commit(
  { database, faults }: IngestDeps,
  arrived: readonly { found: UploadWithAsset; bytes: Pin }[],
  by: ConfirmedBy,
): Promise<Awaited<ReturnType<typeof confirmUploads>>> {
  if (arrived.length === 0) return new Map()
  faults.crashpoint('confirm.before-commit')
  const pinned = arrived.map(({ found: { upload }, bytes: { versionId, etag } }) => {
    const { contentType, byteSize } = upload
    return { upload, bytes: { versionId, etag, byteSize, contentType, queue: kindToTry(contentType) } }
  })
  return withSpan('confirm upload', { attributes: { 'darkroom.confirmed_by': by } }, () =>
    confirmUploads(database.db, pinned, by),
  )
}

/** Reads the current state after another call was faster: a confirm, the expiry or a deletion. */
async function confirmedBefore({ database }: IngestDeps, { upload }: UploadWithAsset): Promise<Confirmed> {
  const standing = await findConfirmed(database.db, upload)
  if (!standing) throw await readClosedUploadError(database.db, upload)
  return { ...standing, isNew: false, arrivedAt: null }
}
