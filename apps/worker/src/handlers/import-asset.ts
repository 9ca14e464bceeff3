import { appError } from '@darkroom/contracts'
import { done } from '@darkroom/core'
import { doomUnpublished } from '@darkroom/db/assets'
import { findProject } from '@darkroom/db/projects'
import { findImport } from '@darkroom/db/uploads'
import { completeImport, failAssetOfRun } from '@darkroom/jobs/sql'
import { checkBlocked } from '../check-blocked.ts'
import { fetchSource } from '../import-asset/fetch-source.ts'
import { storeSource } from '../import-asset/store-source.ts'
import { toResourceError } from '../resource-error.ts'
import type { Handler } from './handler.ts'

/**
 * Fetches the bytes of an asset from somebody's URL. They are whole and known before the store gets them; then they are an
 * upload that was confirmed, and the job that processes it follows in the commit that ends this one.
 */
export const importAsset: Handler = {
  async run(deps, run) {
    const { asset } = run
    if (asset.deletedAt) return { type: 'cancelled', reason: 'the asset was deleted' }
    const { db } = deps.database
    const [source, project] = await Promise.all([findImport(db, asset.id), findProject(db, asset.projectId)])
    if (!source?.url || !project) throw appError('SOURCE_GONE')
    const fetched = await fetchSource(deps, run, { ...source, url: source.url, project })
    await checkBlocked(deps, run, fetched.sha256)
    run.imported = await storeSource(deps, run, fetched)
    deps.faults.crashpoint('import.after-put')
    return done()
  },

  async complete({ database }, { lease, imported }, end) {
    if (!imported) throw new Error('an import ended without a result')
    await completeImport(database.db, lease, imported, end)
  },

  async onFailed(tx, { settings }, { lease, asset }, error) {
    await doomUnpublished(tx, asset.id)
    // The URL is its source: a requeue tries it again.
    await failAssetOfRun(tx, lease, { error: toResourceError(error), keepSourceDays: settings.failedSourceDays })
  },
}
