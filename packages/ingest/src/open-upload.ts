import type { UploadInstructions } from '@darkroom/contracts'
import type { AssetRecord } from '@darkroom/db/assets'
import type { Commit } from '@darkroom/db/client'
import { abortUpload } from '@darkroom/db/deletion'
import type { RecordedUpload, Upload } from '@darkroom/db/uploads'
import { copyKnown } from './copy-known.ts'
import type { OpenUploadDeps } from './deps.ts'
import { recallUpload } from './recall-upload.ts'
import { recordUpload, type UploadRequest } from './record-upload.ts'
import { signUpload } from './sign-upload.ts'

export interface OpenedUpload {
  record: AssetRecord
  upload: Upload
  /** Where and how to put the bytes; of those that are there or known, that there is nothing to do. */
  instructions: UploadInstructions
}

/** Does work once, however often the same request comes. */
export interface OncePerRequest {
  /** Whether a request that failed can come again and then gets what was recorded. */
  isRepeatable: boolean
  run(work: {
    perform(commit: Commit<RecordedUpload>): Promise<RecordedUpload>
    /** What is recorded of it: the upload's id. */
    outcomeOf(recorded: RecordedUpload): string
    recall(uploadId: string): Promise<RecordedUpload>
  }): Promise<RecordedUpload>
}

/**
 * Records an upload and signs where to put its bytes, unless the project has them already.
 * @throws what `recordUpload` and `recallUpload` throw
 */
export async function openUpload(
  deps: OpenUploadDeps,
  request: UploadRequest,
  once: OncePerRequest,
): Promise<OpenedUpload> {
  const recorded = await once.run({
    perform: commit => recordUpload(deps, request, commit),
    outcomeOf: ({ upload }) => upload.id,
    recall: uploadId => recallUpload(deps, request.project.id, uploadId),
  })
  deps.faults.crashpoint('create.after-commit')
  return instruct(deps, recorded).catch(error => withdraw(deps, recorded, once, error))
}

/** Gives up an upload that could not be answered. @throws the reason */
export async function withdraw(
  { database }: OpenUploadDeps,
  { upload }: RecordedUpload,
  { isRepeatable }: Pick<OncePerRequest, 'isRepeatable'>,
  reason: unknown,
): Promise<never> {
  // Nobody will know of it, and it must not keep the external id that it has.
  if (!isRepeatable) await database.db.transaction(tx => abortUpload(tx, upload))
  throw reason
}

/**
 * Says where and how to put the bytes of a recorded upload.
 * @param mayBeKnown false where it is known that the project has not got these bytes
 */
export async function instruct(
  deps: OpenUploadDeps,
  { record, upload, place }: RecordedUpload,
  { mayBeKnown = true } = {},
): Promise<OpenedUpload> {
  const nothingToDo = { id: upload.id, type: 'none' as const }
  if (!place) return { record, upload, instructions: nothingToDo }
  const { sha256 } = upload
  const copied = sha256 === null || !mayBeKnown ? null : await copyKnown(deps, upload, { place, sha256 })
  if (copied) return { record: copied, upload, instructions: nothingToDo }
  return { record, upload, instructions: await signUpload(deps, upload, place, upload.presignExpiresAt) }
}
