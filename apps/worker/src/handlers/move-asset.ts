import { extname } from 'node:path'
import { done, skipped } from '@darkroom/core'
import { raiseRevision } from '@darkroom/db/assets'
import { raiseAlarm } from '@darkroom/db/operations'
import { finishMove, planMove } from '@darkroom/jobs/sql'
import { variantKey } from '@darkroom/storage'
import { moveFiles } from '../move-asset/move-files.ts'
import { toResourceError } from '../resource-error.ts'
import type { Handler } from './handler.ts'

/**
 * Takes the files of an asset out of the public bucket, because its project has become private: copies first, then the
 * rows, then the old ones go, from the store and from the CDN. A run that dies is done again from its start.
 */
export const moveAsset: Handler = {
  async run(deps, run) {
    const { asset, lease } = run
    if (asset.deletedAt) return { type: 'cancelled', reason: 'the asset was deleted' }
    const { publicBucket: fromBucket, privateBucket: toBucket } = deps.settings
    if (fromBucket === null) return skipped('there is no public bucket')
    const { db } = deps.database
    const mintKey = (key: string) => variantKey(asset.projectId, asset.id, extname(key) || undefined)
    const planned = await planMove(db, lease, { fromBucket, toBucket, mintKey })
    if (planned.length === 0) return skipped('no file of it is public')
    run.moved = { ...(await moveFiles(deps, run, planned)), fromBucket }
    return done()
  },

  async complete({ database }, { lease, moved }, end) {
    if (!moved) throw new Error('a move ended without a result')
    await finishMove(database.db, lease, moved, end)
  },

  async onFailed(tx, _deps, { asset: { id } }, error) {
    // The asset stays as it was; a later round of the move finds it again.
    await raiseRevision(tx, id, 'job.failed')
    const { code, message } = toResourceError(error)
    const text = `The files of asset ${id} are still in the public bucket, although its project is private: ${message}`
    await raiseAlarm(tx, { code, subject: id, message: text })
  },
}
