import { extname } from 'node:path'
import { raiseRevision } from '@darkroom/db/assets'
import { raiseAlarm } from '@darkroom/db/operations'
import type { Handler } from '@darkroom/jobs/handler'
import { toResourceError } from '@darkroom/jobs/runner'
import type { LostFile, MovedFile } from '@darkroom/jobs/sql'
import { variantKey } from '@darkroom/storage'
import type { WorkerDeps } from '../deps.ts'
import { moveFiles } from '../move-asset/move-files.ts'

/** What a move copied and what it could not, and out of which bucket. */
interface MovedFiles {
  files: MovedFile[]
  lost: LostFile[]
  fromBucket: string
}

/**
 * Takes the files of an asset out of the public bucket, because its project has become private: copies first, then the
 * rows, then the old ones go, from the store and from the CDN. A run that dies is done again from its start.
 */
export const moveAsset = (deps: WorkerDeps): Handler<MovedFiles> => ({
  async run(run) {
    const { asset } = run
    if (asset.deletedAt) return { type: 'cancelled', reason: 'the asset was deleted' }
    const { publicBucket: fromBucket, privateBucket: toBucket } = deps.settings
    if (fromBucket === null) return { type: 'skipped', reason: 'there is no public bucket' }
    const mintKey = (key: string) => variantKey(asset.projectId, asset.id, extname(key) || undefined)
    const planned = await run.planMove({ fromBucket, toBucket, mintKey })
    if (planned.length === 0) return { type: 'skipped', reason: 'no file of it is public' }
    return { type: 'done', result: { ...(await moveFiles(deps, run, planned)), fromBucket } }
  },

  complete: (run, moved, end) => run.finishMove(moved, end),

  async onFailed(tx, { asset: { id } }, error) {
    // The asset stays as it was; a later round of the move finds it again.
    await raiseRevision(tx, id, 'job.failed')
    const { code, message } = toResourceError(error)
    const text = `The files of asset ${id} are still in the public bucket, although its project is private: ${message}`
    await raiseAlarm(tx, { code, subject: id, message: text })
  },
})
