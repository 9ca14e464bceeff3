import { appError } from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import { recordReceived, type UploadWithAsset } from '@darkroom/db/uploads'
import type { IngestDeps } from '../deps.ts'
import { partLayoutOf, placeOf, reopenMultipart } from '../multipart-upload.ts'
import type { Writer } from './only-writer.ts'

/**
 * Sets an upload back to its first byte, because the store no longer has what it acknowledged: a lifecycle rule has ended the parts.
 * @throws UPLOAD_OFFSET_MISMATCH always, so that the client asks where to continue; UPLOAD_LOCKED when another request has taken over
 */
export async function startOver(
  deps: IngestDeps & { database: { db: Database } },
  found: UploadWithAsset,
  { uploadId, token }: Writer,
): Promise<never> {
  if (partLayoutOf(found.upload)) await reopenMultipart(deps, found.upload, placeOf(found))
  const isSet = await recordReceived(deps.database.db, { uploadId, token, receivedBytes: 0, rest: null })
  if (!isSet) throw appError('UPLOAD_LOCKED')
  throw appError('UPLOAD_OFFSET_MISMATCH', 'The store no longer has the bytes. The upload continues at offset 0.')
}
