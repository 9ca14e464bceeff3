import { toAppError } from '@darkroom/contracts'
import {
  deleteOldPreviews,
  finishPreview,
  PREVIEWS_CHANNEL,
  type PresetPreviewRow,
  takePreview,
} from '@darkroom/db/presets'
import { toVariantError } from '@darkroom/jobs/runner'
import { bestEffort } from '../best-effort.ts'
import type { WorkerDeps } from '../deps.ts'
import { renderPreview } from './render-preview.ts'

/** A NOTIFY may be lost with its connection. */
const LOOK_EVERY_MS = 5000

type Deps = Pick<WorkerDeps, 'database' | 'queries' | 'store' | 'pool' | 'tempDir' | 'faults' | 'settings' | 'logger'>

/** Makes previews of presets, one at a time, for whoever waits at the API. Returns a function that ends it. */
export async function startPreviews(deps: Deps, kinds: readonly string[]): Promise<() => Promise<void>> {
  const controller = new AbortController()
  const { database, logger } = deps
  let working = Promise.resolve()
  const look = () => {
    working = working
      .then(() => makeAll(deps, kinds, controller.signal))
      .catch(error => logger.warn({ err: error }, 'could not look for previews'))
  }
  const unlisten = await database.listen(PREVIEWS_CHANNEL, look, look)
  const timer = setInterval(look, LOOK_EVERY_MS)
  return async () => {
    controller.abort()
    clearInterval(timer)
    // While the database says nothing, what was asked of it takes minutes to fail.
    await bestEffort(Promise.all([unlisten(), working]))
  }
}

async function makeAll(deps: Deps, kinds: readonly string[], stopped: AbortSignal): Promise<void> {
  const { db } = deps.database
  while (!stopped.aborted) {
    const preview = await takePreview(db, kinds)
    if (!preview) return deleteOldPreviews(db)
    await finishPreview(db, preview.id, await makeOne(deps, preview, stopped))
  }
}

async function makeOne(deps: Deps, preview: PresetPreviewRow, stopped: AbortSignal) {
  try {
    return (await renderPreview(deps, preview, stopped)) ?? {}
  } catch (error) {
    const { code, message } = toVariantError(toAppError(error), false)
    deps.logger.info({ err: error, assetId: preview.assetId }, 'a preview of a preset failed')
    return { error: { code, message } }
  }
}
