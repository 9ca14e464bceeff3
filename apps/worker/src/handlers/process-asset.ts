import { type AssetWarning, errorEntry, kindToTry, type Placeholder } from '@darkroom/contracts'
import { measure } from '@darkroom/core/metrics'
import type { Handler } from '@darkroom/jobs/handler'
import { variantRetryDelayMs } from '@darkroom/jobs/runner'
import { checkBlocked } from '../check-blocked.ts'
import type { WorkerDeps } from '../deps.ts'
import { allSettledOrThrow } from '../process-asset/all-settled-or-throw.ts'
import { checkQuarantine } from '../process-asset/check-quarantine.ts'
import { detectType } from '../process-asset/detect-type.ts'
import { measureStage } from '../process-asset/measure-stage.ts'
import { planWork } from '../process-asset/plan-work.ts'
import { promoteSource } from '../process-asset/promote.ts'
import { renderVariants } from '../process-asset/render.ts'
import { failAsset } from '../process-asset/settle.ts'
import { downloadSource } from '../process-asset/source.ts'
import { knownWarnings, noteWarning } from '../process-asset/source-warnings.ts'

/** What a run made of an upload. */
interface ProcessedAsset {
  /** What stands in until a variant is there; null where there is nothing to look at. */
  placeholder: Placeholder | null
  /** All that is known to be wrong with the source. */
  warnings: readonly AssetWarning[]
  /** Names of what the job had to make or to leave out; a whole run drops what has another name. */
  planned: readonly string[]
}

/** Makes everything that the preset asks for out of an upload. */
export const processAsset = (deps: WorkerDeps): Handler<ProcessedAsset> => ({
  async run(run, findings) {
    if (run.asset.deletedAt) return { type: 'cancelled', reason: 'the asset was deleted' }
    const { asset, signal } = run

    const source = await measureStage(run, 'download', () => downloadSource(deps, run))
    findings.noteSource(source.sha256)
    await checkBlocked(deps, run, source.sha256)
    await checkQuarantine(deps, run, source.sha256)
    const contentType = await detectType(deps, run, source)
    if (contentType === null) return { type: 'snoozed', delayMs: 0 }
    const options = {
      projectId: asset.projectId,
      signal,
      timeoutMs: deps.settings.timeoutMs[kindToTry(contentType)],
      isReserved: run.job.isReserved,
      isFresh: !isTrusted(contentType),
    }
    const { work, published, placeholder, failures, promoted } = await measureStage(run, 'media', () =>
      deps.pool.withChild(options, async child => {
        try {
          const declared = { file: source.file, declaredType: contentType }
          const facts = await child.probe(declared, { onWarning: warning => noteWarning(findings, warning) })
          const work = await planWork(deps, run, { source, facts, findings })
          await checkBlocked(deps, run, source.sha256)
          // Beside the steps, and committed before the first variant is.
          const promoted = promoteSource(deps, run, source, facts.contentType, work.original)
          promoted.catch(() => undefined)
          return {
            work,
            promoted,
            ...(await renderVariants(deps, run, { source, facts, work, child, promoted, findings })),
          }
        } finally {
          const { peakRssBytes } = child
          findings.noteMemory(peakRssBytes)
          measure('darkroom_media_peak_memory_bytes', { queue: run.job.queue }, peakRssBytes)
        }
      }),
    )
    // The media process is free for the next job while the last files go up.
    await measureStage(run, 'publish', () => allSettledOrThrow([promoted, published]))

    const required = new Set(work.plan.variants.filter(variant => variant.required).map(variant => variant.name))
    const failure = failures.find(({ name }) => required.has(name))
    if (failure) return { type: 'failed', error: failure.error }
    const left = failures.map(({ error }) => error).filter(({ code }) => errorEntry(code).retryable)
    const next = left.find(error => variantRetryDelayMs(error, run.job) !== null) ?? left[0]
    const warnings = knownWarnings(findings, run.asset, work)
    const result = { placeholder, warnings, planned: work.planned }
    return next ? { type: 'incomplete', result, error: next } : { type: 'done', result }
  },

  complete: (run, processed, { peakMemoryBytes }, rest) =>
    run.settle({
      ...processed,
      isWhole: run.job.onlyVariants === null,
      peakMemoryBytes,
      rest,
    }),

  onFailed: (tx, run, error, findings) => failAsset(tx, run, error, findings, deps.settings),
})

/**
 * Decoders that are trusted least (ffmpeg, pdfium, those of HEIC, JPEG XL and SVG files) get a process of their own
 * that ends with the job. The others are asked often enough for its start to matter.
 */
const WARM_TYPES: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/tiff',
])
const isTrusted = (contentType: string): boolean => WARM_TYPES.has(contentType)
