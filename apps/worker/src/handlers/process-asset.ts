import { errorEntry, kindToTry } from '@darkroom/contracts'
import { done, failed, incomplete, snoozed } from '@darkroom/core'
import { completeRun } from '@darkroom/jobs/sql'
import { checkBlocked } from '../check-blocked.ts'
import { allSettledOrThrow } from '../process-asset/all-settled-or-throw.ts'
import { checkQuarantine } from '../process-asset/check-quarantine.ts'
import { detectType } from '../process-asset/detect-type.ts'
import { planWork } from '../process-asset/plan-work.ts'
import { promoteSource } from '../process-asset/promote.ts'
import { renderVariants } from '../process-asset/render.ts'
import { failAsset } from '../process-asset/settle.ts'
import { downloadSource } from '../process-asset/source.ts'
import { noteWarning, warningsOf } from '../process-asset/source-warnings.ts'
import { variantRetryDelayMs } from '../retry-policy.ts'
import type { Handler } from './handler.ts'

/** Makes everything that the preset asks for out of an upload. */
export const processAsset: Handler = {
  async run(deps, run) {
    if (run.asset.deletedAt) return { type: 'cancelled', reason: 'the asset was deleted' }
    const { asset, signal } = run

    const source = await downloadSource(deps, run)
    run.sourceSha256 = source.sha256
    await checkBlocked(deps, run, source.sha256)
    await checkQuarantine(deps, run, source.sha256)
    const contentType = await detectType(deps, run, source)
    if (contentType === null) return snoozed(0)
    const options = {
      projectId: asset.projectId,
      signal,
      timeoutMs: deps.settings.timeoutMs[kindToTry(contentType)],
      isReserved: run.job.isReserved,
      isFresh: !isTrusted(contentType),
    }
    const { work, published, placeholder, failures, promoted } = await deps.pool.withChild(options, async child => {
      try {
        const declared = { file: source.file, declaredType: contentType }
        const facts = await child.probe(declared, { onWarning: warning => noteWarning(run, warning) })
        const work = await planWork(deps, run, source, facts)
        await checkBlocked(deps, run, source.sha256)
        // Beside the steps, and committed before the first variant is.
        const promoted = promoteSource(deps, run, source, facts.contentType, work.original)
        promoted.catch(() => undefined)
        return { work, promoted, ...(await renderVariants(deps, run, { source, facts, work, child, promoted })) }
      } finally {
        run.peakMemoryBytes = Math.max(run.peakMemoryBytes, child.peakRssBytes)
      }
    })
    // The media process is free for the next job while the last files go up.
    await allSettledOrThrow([promoted, published])
    run.placeholder = placeholder

    const required = new Set(work.plan.variants.filter(variant => variant.required).map(variant => variant.name))
    const failure = failures.find(({ name }) => required.has(name))
    if (failure) return failed(failure.error)
    const left = failures.map(({ error }) => error).filter(({ code }) => errorEntry(code).retryable)
    const next = left.find(error => variantRetryDelayMs(error, run.job) !== null) ?? left[0]
    return next ? incomplete(next) : done()
  },

  complete: ({ database }, run, { peakMemoryBytes }, rest) =>
    completeRun(database.db, run.lease, {
      placeholder: run.placeholder,
      warnings: warningsOf(run),
      planned: run.planned,
      isWhole: run.job.onlyVariants === null,
      peakMemoryBytes,
      rest,
    }),

  onFailed: (tx, deps, run, error) => failAsset(tx, run, error, deps.settings),
}

/**
 * Decoders that are trusted least (ffmpeg, pdfium, those of HEIC, JPEG XL and drawings) get a process of their own
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
