import { appError } from '@darkroom/contracts'
import { withSpan } from '@darkroom/core/tracing'
import { doomUnpublished } from '@darkroom/db/assets'
import { findImport } from '@darkroom/db/uploads'
import type { Handler } from '@darkroom/jobs/handler'
import { toResourceError } from '@darkroom/jobs/runner'
import { failAssetOfRun, type ImportedBytes } from '@darkroom/jobs/sql'
import { checkBlocked } from '../check-blocked.ts'
import type { WorkerDeps } from '../deps.ts'
import { fetchSource } from '../import-asset/fetch-source.ts'
import { storeSource } from '../import-asset/store-source.ts'

/**
 * Fetches the bytes of an asset from somebody's URL. They are whole and known before the store gets them; then they are an
 * upload that was confirmed, and the job that processes it follows in the commit that ends this one.
 */
export const importAsset = (deps: WorkerDeps): Handler<ImportedBytes> => ({
  async run(run) {
    const { asset } = run
    if (asset.deletedAt) return { type: 'cancelled', reason: 'the asset was deleted' }
    const { database, queries } = deps
    const [source, project] = await Promise.all([findImport(database.db, asset.id), queries.project(asset.projectId)])
    if (!source?.url || !project) throw appError('SOURCE_GONE')
    const wanted = { ...source, url: source.url, project }
    const fetched = await withSpan('stage fetch', {}, () => fetchSource(deps, run, wanted))
    await checkBlocked(deps, run, fetched.sha256)
    const imported = await withSpan('stage store', {}, () => storeSource(deps, run, fetched))
    deps.faults.crashpoint('import.after-put')
    return { type: 'done', result: imported }
  },

  complete: (run, imported, end) => run.completeImport(imported, end),

  async onFailed(tx, { lease, asset }, error) {
    await doomUnpublished(tx, asset.id)
    // The URL is its source: a requeue tries it again.
    await failAssetOfRun(tx, lease, { error: toResourceError(error), keepSourceDays: deps.settings.failedSourceDays })
  },
})
