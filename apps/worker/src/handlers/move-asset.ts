import { extname } from 'node:path'
import { raiseRevision } from '@darkroom/db/assets'
import { raiseAlarm } from '@darkroom/db/operations'
import type { Handler } from '@darkroom/jobs/handler'
import { cancelled, done, skipped } from '@darkroom/jobs/outcome'
import { toResourceError } from '@darkroom/jobs/runner'
import { finishMove, type LostFile, type MovedFile, planMove } from '@darkroom/jobs/sql'
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
    const { asset, lease } = run
    if (asset.deletedAt) return cancelled('the asset was deleted')
    const { publicBucket: fromBucket, privateBucket: toBucket } = deps.settings
    if (fromBucket === null) return skipped('there is no public bucket')
    const { db } = deps.database
    const mintKey = (key: string) => variantKey(asset.projectId, asset.id, extname(key) || undefined)
    const planned = await planMove(db, lease, { fromBucket, toBucket, mintKey })
    if (planned.length === 0) return skipped('no file of it is public')
    return done({ ...(await moveFiles(deps, run, planned)), fromBucket })
  },

  complete: ({ lease }, moved, end) => finishMove(deps.database.db, lease, moved, end),

  async onFailed(tx, { asset: { id } }, error) {
    // The asset stays as it was; a later round of the move finds it again.
    await raiseRevision(tx, id, 'job.failed')
    const { code, message } = toResourceError(error)
    const text = `The files of asset ${id} are still in the public bucket, although its project is private: ${message}`
    await raiseAlarm(tx, { code, subject: id, message: text })
  },
})
