import { appError } from '@darkroom/contracts'
import type { Upload } from '@darkroom/db/uploads'
import { bareEtag, type ObjectStore, type PartLayout, type Pin, partBytes, type StoredPart } from '@darkroom/storage'
import type { Place } from './multipart-upload.ts'
import { missingParts } from './part-layout.ts'

/** A part as the client remembers it. */
export interface ClaimedPart {
  partNumber: number
  etag: string
}

interface Assembly {
  upload: Upload
  layout: PartLayout
  place: Place
  /** Only compared with what the store has. */
  claimed?: readonly ClaimedPart[] | undefined
  signal?: AbortSignal | undefined
}

/**
 * Has the store put the parts of an upload together, by its own list of them.
 * @returns null when there is no such multipart upload, or no longer: then the object decides
 * @throws UPLOAD_INCOMPLETE when parts are missing, INVALID_PARTS when one is not as planned
 */
export async function assembleParts(
  store: ObjectStore,
  { upload, layout, place, claimed, signal }: Assembly,
): Promise<Pin | null> {
  if (!upload.storeUploadId) return null
  const ref = { ...place, uploadId: upload.storeUploadId }
  const parts = await store.listParts(ref, { signal })
  if (!parts) return null
  checkParts(layout, upload.byteSize, parts)
  if (claimed) compareParts(claimed, parts)
  return store.completeMultipartUpload({ ...ref, parts, byteSize: upload.byteSize }, { signal })
}

const NAMED = 10

function checkParts(layout: PartLayout, byteSize: number, parts: readonly StoredPart[]): void {
  const odd = parts.find(
    part => part.partNumber > layout.partCount || part.byteSize !== partBytes(layout, byteSize, part.partNumber),
  )
  if (odd) throw appError('INVALID_PARTS', `Part ${odd.partNumber} has ${odd.byteSize} bytes, which is the wrong size.`)
  const missing = missingParts(layout, parts)
  if (missing.length === 0) return
  const named = `${missing.slice(0, NAMED).join(', ')}${missing.length > NAMED ? ', …' : ''}`
  throw appError('UPLOAD_INCOMPLETE', `${missing.length} of ${layout.partCount} parts are missing: ${named}.`)
}

function compareParts(claimed: readonly ClaimedPart[], parts: readonly StoredPart[]): void {
  const etags = new Map(parts.map(part => [part.partNumber, part.etag]))
  const odd = claimed.find(part => etags.get(part.partNumber) !== bareEtag(part.etag))
  if (odd) throw appError('INVALID_PARTS', `Part ${odd.partNumber} in the store has a different ETag. Send it again.`)
}
