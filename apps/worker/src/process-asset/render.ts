import { hash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { type Placeholder, toAppError } from '@darkroom/contracts'
import { type AppError, isAppError } from '@darkroom/core'
import type { Findings, FindingsLog } from '@darkroom/jobs/findings'
import type { Run } from '@darkroom/jobs/handler'
import { toVariantError, variantRetryDelayMs } from '@darkroom/jobs/runner'
import type { Facts, MediaChild, Plan, RenderedVariant, SourceWarning, VariantFile } from '@darkroom/media'
import type { Pin, PutInput } from '@darkroom/storage'
import type { WorkerDeps } from '../deps.ts'
import { allSettledOrThrow } from './all-settled-or-throw.ts'
import type { Work } from './plan-work.ts'
import { trackProgress } from './progress.ts'
import { readVariantFile } from './read-variant-file.ts'
import { isIndex, withReferences } from './references.ts'
import type { Source } from './source.ts'
import { knownWarnings, noteWarning, refuseWarnings } from './source-warnings.ts'
import { variantHeaders } from './variant-headers.ts'

/** A small file costs less CPU read and removed at once; a large one must be neither held in memory nor waited for. */
const MAX_BUFFERED_BYTES = 1_000_000

interface VariantError {
  name: string
  error: AppError
}

interface Rendering {
  /** Null where there is nothing to look at. */
  placeholder: Placeholder | null
  /** Variants that could not be made, while the others were. */
  failures: readonly VariantError[]
  /** Settles when the last variant is published. */
  published: Promise<void>
}

/**
 * Makes the variants, and publishes each as soon as it is written: clients see thumbnails while the rest is still
 * cooking. Where warnings may be errors nothing is seen before the last of them could have been said.
 * @throws WARNING_REFUSED
 */
export async function renderVariants(
  deps: WorkerDeps,
  run: Run,
  input: {
    source: Source
    facts: Facts
    work: Work
    child: MediaChild
    promoted: Promise<void>
    findings: FindingsLog
  },
): Promise<Rendering> {
  const { source, facts, work, child, promoted, findings } = input
  const publishing: Promise<void>[] = []
  const failures: VariantError[] = []
  const progress = trackProgress(deps, run, work.plan.variants.length)
  const accepted = Promise.withResolvers<void>()
  accepted.promise.catch(() => undefined)
  if (work.failOn.size === 0) accepted.resolve()
  const giveUpNext = (failure: VariantError) => {
    failures.push(failure)
    return giveUp(run, failure)
  }
  const publishNext = async (variant: RenderedVariant) => {
    deps.faults.crashpoint('render.middle')
    if ('error' in variant) return giveUpNext({ name: variant.name, error: toAppError(variant.error) })
    const before = isIndex(variant) ? [...publishing] : []
    const stored = await storeVariant(deps, run, work, variant)
    if ('error' in stored) return giveUpNext(stored)
    await publish(deps, run, {
      work,
      variant,
      stored,
      after: [promoted, accepted.promise, ...before],
      nextProgress: progress.nextPublished,
      findings,
    })
  }
  const publishSoon = (variant: RenderedVariant) => {
    const publication = publishNext(variant)
    // Awaited below; until then a failure must not count as unhandled.
    publication.catch(() => undefined)
    publishing.push(publication)
  }
  const onWarning = (warning: SourceWarning) => {
    noteWarning(findings, warning)
    // Ends the process: the rest would be made for nothing.
    refuseWarnings(findings.warnings, work.failOn)
  }
  try {
    const target = { file: source.file, facts, plan: work.plan, outDir: run.workDir }
    const listeners = { onVariant: publishSoon, onProgress: progress.report, onWarning }
    const { placeholder } = await child.render(target, listeners)
    refuseWarnings(findings.warnings, work.failOn)
    accepted.resolve()
    const all = allSettledOrThrow(publishing)
    all.catch(() => undefined)
    return { placeholder, failures, published: all }
  } catch (error) {
    accepted.reject(error)
    // Clean-up follows: nothing of this run may still be writing then.
    await Promise.allSettled([...publishing, promoted])
    throw error
  }
}

const giveUp = (run: Run, { name, error }: VariantError): Promise<void> =>
  run.failVariant(name, toVariantError(error, variantRetryDelayMs(error, run.job) !== null))

interface StoredVariant {
  objectId: string
  fingerprint: string
  pin: Pin
  measures: Pick<VariantFile, 'byteSize' | 'sha256'>
}

/** Puts a file where its row says. That the store does not take it is its failure alone where nothing has to wait for it. */
async function storeVariant(
  { store, faults }: WorkerDeps,
  { signal }: Run,
  work: Work,
  variant: VariantFile,
): Promise<StoredVariant | VariantError> {
  const { name, contentType, file, byteSize } = variant
  const object = work.objects.get(name)
  if (!object) throw new Error(`variant ${name} was made and not planned`)
  const { objectId, fingerprint, bucket, key } = object
  const { body, ...measures } = contentOf(work, variant)
  try {
    const pin = await store.put({ bucket, key, body, ...measures, ...variantHeaders(contentType, work) }, { signal })
    faults.crashpoint('variant.after-put')
    if (byteSize <= MAX_BUFFERED_BYTES) rmSync(file, { force: true })
    else await rm(file, { force: true })
    return { objectId, fingerprint, pin, measures }
  } catch (error) {
    signal.throwIfAborted()
    if (!isAppError(error, 'STORE_UNAVAILABLE') || !canBeMissed(work, name)) throw error
    return { name, error }
  }
}

/** Tells whether a variant is optional: the asset is published without it, and no other file refers to it. */
const canBeMissed = ({ plan }: Work, name: string): boolean =>
  plan.variants.some(variant => variant.name === name && !variant.required) && !isReferredTo(plan, name)

const isReferredTo = ({ variants }: Plan, name: string): boolean =>
  variants.some(({ refersTo }) => refersTo.includes(name))

interface Publication {
  work: Work
  variant: VariantFile
  stored: StoredVariant
  /** What must be published before: the original, and whatever the file points to. */
  after: readonly Promise<void>[]
  nextProgress(): number
  findings: Findings
}

async function publish({ faults }: WorkerDeps, run: Run, publication: Publication): Promise<void> {
  const { work, variant, stored, after, nextProgress, findings } = publication
  const { objectId, fingerprint, pin, measures } = stored
  await Promise.all(after)
  const { file: _, ...made } = variant
  const refersTo = { isReferredTo: isReferredTo(work.plan, variant.name) }
  await run.publish(
    { ...made, ...measures, ...pin, objectId, fingerprint, ...refersTo },
    { progress: nextProgress(), warnings: knownWarnings(findings, run.asset, work) },
  )
  faults.crashpoint('variant.after-commit')
}

function contentOf(work: Work, variant: VariantFile): Pick<PutInput, 'body' | 'byteSize'> & Sha256 {
  const { file, byteSize, sha256 } = variant
  const text = withReferences(work, variant)
  if (text) return { body: text, byteSize: text.length, sha256: hash('sha256', text) }
  return { body: byteSize <= MAX_BUFFERED_BYTES ? readVariantFile(file, byteSize) : { file }, byteSize, sha256 }
}

type Sha256 = Pick<VariantFile, 'sha256'>
