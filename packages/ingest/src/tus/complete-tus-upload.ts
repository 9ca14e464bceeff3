import { isAppError } from '@darkroom/core'
import type { UploadWithAsset } from '@darkroom/db/uploads'
import { type Confirmed, confirmArrived } from '../confirm-arrived.ts'
import type { AppendDeps } from './append-bytes.ts'
import type { Writer } from './only-writer.ts'
import { startOver } from './start-over.ts'

/** What a confirm says of bytes that the store acknowledged and no longer has. */
const LOST = ['UPLOAD_INCOMPLETE', 'INVALID_PARTS', 'SIZE_MISMATCH'] as const

/** Confirms an upload by tus that has all its bytes, by the confirm of any other upload. */
export async function completeTusUpload(deps: AppendDeps, found: UploadWithAsset, writer: Writer): Promise<Confirmed> {
  try {
    return await confirmArrived(deps, found, { by: 'client' })
  } catch (error) {
    if (LOST.some(code => isAppError(error, code))) return startOver(deps, found, writer)
    throw error
  }
}
