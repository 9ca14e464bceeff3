import { appError } from '@darkroom/contracts'
import type { AssetRecord } from '../assets/assets.ts'
import { isContentBlocked } from '../assets/known-content.ts'
import type { Commit, Database } from '../client/client.ts'
import { checkQuota, hasQuota } from '../projects/usage.ts'
import type { Project, Upload } from '../schema/index.ts'
import { type CreatedUpload, createUpload, type NewUpload } from './create-uploads.ts'

export interface RecordedUpload {
  record: AssetRecord
  upload: Upload
  /** Where its bytes go; null when they have arrived, so that none are to be put any more. */
  place: { bucket: string; key: string } | null
}

/**
 * Records an upload, and the asset that awaits it, within what its project may have.
 * @throws CONTENT_BLOCKED, QUOTA_EXCEEDED, EXTERNAL_ID_TAKEN; RATE_LIMITED when too many uploads are open; INVALID_REQUEST
 * when there is no such preset
 */
export async function admitUpload(
  db: Database,
  project: Project,
  input: NewUpload,
  commit: Commit<RecordedUpload>,
): Promise<RecordedUpload> {
  const { sha256, byteSize, bucket, key } = input
  if (sha256 && (await isContentBlocked(db, project.id, sha256))) throw appError('CONTENT_BLOCKED')
  return commit(
    async tx => {
      await checkQuota(tx, project, byteSize)
      const { asset, preset, upload } = await createUpload(tx, { ...input, projectId: project.id })
      return recordedOf(project, { asset, preset, upload }, { bucket, key })
    },
    { isOneStatement: !hasQuota(project) },
  )
}

/** Returns what was created as it is answered. */
export const recordedOf = (
  project: Project,
  { asset, preset, upload }: CreatedUpload,
  { bucket, key }: Pick<NewUpload, 'bucket' | 'key'>,
): RecordedUpload => ({
  // Nothing was made of it yet, so there is nothing to read.
  record: { asset, preset, delivery: project, variants: [], job: null },
  upload,
  place: { bucket, key },
})
