import type { RecordedUpload } from '@darkroom/db/uploads'
import type { OpenUploadDeps } from '../deps.ts'
import type { OncePerRequest } from '../open-upload.ts'
import { recallUpload } from '../recall-upload.ts'
import { recordUpload, type UploadRequest } from '../record-upload.ts'

/**
 * Records an upload whose bytes come by the tus protocol, through the API: nothing is signed for it.
 * @throws what `recordUpload` and `recallUpload` throw
 */
export async function openTusUpload(
  deps: OpenUploadDeps,
  request: UploadRequest & { tusMetadata: string },
  once: Pick<OncePerRequest, 'run'>,
): Promise<RecordedUpload> {
  const recorded = await once.run({
    perform: commit => recordUpload(deps, request, commit),
    outcomeOf: ({ upload }) => upload.id,
    recall: uploadId => recallUpload(deps, request.project.id, uploadId),
  })
  deps.faults.crashpoint('create.after-commit')
  return recorded
}
