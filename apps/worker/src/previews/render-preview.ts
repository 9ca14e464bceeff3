import { readFile } from 'node:fs/promises'
import { appError, PresetDefinition, toAppError } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { type AssetRow, findAsset } from '@darkroom/db/assets'
import type { PresetPreviewRow } from '@darkroom/db/presets'
import { isLongVariant, planSource, type RenderedVariant } from '@darkroom/media'
import type { WorkerDeps } from '../deps.ts'
import { downloadSource } from '../process-asset/source.ts'

type Deps = Pick<WorkerDeps, 'database' | 'queries' | 'store' | 'pool' | 'tempDir' | 'faults' | 'settings'>

/** What somebody waits for takes no longer. */
const TIMEOUT_MS = 20_000
/** A larger source takes too long to download while somebody waits. */
const MAX_SOURCE_BYTES = 200_000_000
/** Passes through a row and an answer in JSON. */
const MAX_FILE_BYTES = 4_000_000

export interface PreviewFile {
  body: string
  contentType: string
  width: number | null
  height: number | null
}

/**
 * Makes the one variant of a preview in a media process, as a job would, and stores nothing.
 * @returns null when the variant does not apply to the file, or is no image
 * @throws AppError of the download or of the media process; TOO_LARGE, OUTPUT_TOO_LARGE
 */
export async function renderPreview(
  deps: Deps,
  { projectId, assetId, definition }: PresetPreviewRow,
  stopped: AbortSignal,
): Promise<PreviewFile | null> {
  const asset = await findAsset(deps.database.db, projectId, assetId)
  if (!asset || asset.deletedAt) throw appError('NOT_FOUND')
  if (asset.byteSize > MAX_SOURCE_BYTES)
    throw appError('TOO_LARGE', `A preview needs a source of at most ${MAX_SOURCE_BYTES} bytes.`)
  await refuseKeptBack(deps, asset)
  const workDir = deps.tempDir.folderOf(newId())
  await deps.tempDir.create(workDir)
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(TIMEOUT_MS)])
  try {
    return await renderIn(deps, { asset, workDir, signal, definition: PresetDefinition.parse(definition) })
  } finally {
    await deps.tempDir.remove(workDir)
  }
}

/** @throws QUARANTINED, CONTENT_BLOCKED of content that no media process may get, as for a job */
async function refuseKeptBack({ queries }: Deps, { projectId, sha256 }: AssetRow): Promise<void> {
  if (!sha256) throw appError('ASSET_NOT_READY')
  if (await queries.quarantine(projectId, sha256)) throw appError('QUARANTINED')
  if (await queries.isBlocked(projectId, sha256)) throw appError('CONTENT_BLOCKED')
}

interface Work {
  asset: AssetRow
  workDir: string
  signal: AbortSignal
  definition: PresetDefinition
}

async function renderIn(deps: Deps, { asset, workDir, signal, definition }: Work): Promise<PreviewFile | null> {
  const { file, sha256 } = await downloadSource(deps, { asset, workDir, signal })
  const options = { projectId: asset.projectId, signal, timeoutMs: TIMEOUT_MS, isReserved: true, isFresh: true }
  const made = await deps.pool.withChild(options, async child => {
    const facts = await child.probe({ file, declaredType: asset.contentType })
    const plan = planSource({ facts, sha256, focalPoint: asset.focalPoint }, definition, deps.settings.engines)
    const wanted = plan.variants.find(
      variant => variant.contentType.startsWith('image/') && !isLongVariant(variant) && isAsked(definition, variant),
    )
    if (!wanted) return null
    let rendered: RenderedVariant | undefined
    const listeners = {
      onVariant: (variant: RenderedVariant) => {
        rendered = variant
      },
    }
    await child.render({ file, facts, plan: { ...plan, variants: [wanted] }, outDir: workDir }, listeners)
    return rendered ?? null
  })
  if (!made) return null
  if ('error' in made) throw toAppError(made.error)
  if (made.byteSize > MAX_FILE_BYTES)
    throw appError('OUTPUT_TOO_LARGE', `A preview has at most ${MAX_FILE_BYTES} bytes; the file has ${made.byteSize}.`)
  const { contentType, width, height } = made
  return { body: (await readFile(made.file)).toString('base64'), contentType, width, height }
}

/** A plan may have an icon of the type in the place of what it skipped. */
const isAsked = (definition: PresetDefinition, { name }: { name: string }): boolean =>
  [definition.image, definition.video, definition.audio, definition.document].some(kind =>
    kind?.variants.some(variant => name === variant.name || name.startsWith(`${variant.name}-`)),
  )
