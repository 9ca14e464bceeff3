import { hash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Placeholder } from '@darkroom/contracts'
import { toAppError } from '@darkroom/contracts'
import { type AppError, crashpoint } from '@darkroom/core'
import { failVariant, fenced, publishVariant } from '@darkroom/db'
import type { Facts, MediaChild, RenderedVariant, VariantFile } from '@darkroom/media'
import type { PutInput } from '@darkroom/storage'
import type { WorkerDeps } from '../deps.ts'
import type { Run } from '../handlers/handler.ts'
import { toResourceError } from '../resource-error.ts'
import { allEnded } from './all-ended.ts'
import type { Work } from './plan-work.ts'
import { trackProgress } from './progress.ts'
import { publishedAs } from './published-as.ts'
import { readMade } from './read-made.ts'
import { isIndex, withReferences } from './references.ts'
import type { Source } from './source.ts'

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
 * cooking.
 */
export async function renderVariants(
  deps: WorkerDeps,
  run: Run,
  input: { source: Source; facts: Facts; work: Work; child: MediaChild; promoted: Promise<void> },
): Promise<Rendering> {
  const { source, facts, work, child, promoted } = input
  const publishing: Promise<void>[] = []
  const failures: VariantError[] = []
  const progress = trackProgress(deps, run, work.plan.variants.length)
  const publishNext = async (variant: RenderedVariant) => {
    crashpoint('render.middle')
    if ('error' in variant) {
      const failure = { name: variant.name, error: toAppError(variant.error) }
      failures.push(failure)
      return giveUp(deps, run, failure)
    }
    const before = isIndex(variant) ? [...publishing] : []
    await publish(deps, run, { work, variant, after: [promoted, ...before], nextProgress: progress.nextPublished })
  }
  const publishSoon = (variant: RenderedVariant) => {
    const publication = publishNext(variant)
    // Awaited below; until then a failure must not count as unhandled.
    publication.catch(() => undefined)
    publishing.push(publication)
  }
  try {
    const target = { file: source.file, facts, plan: work.plan, outDir: run.workDir }
    const { placeholder } = await child.render(target, { onVariant: publishSoon, onProgress: progress.report })
    const all = allEnded(publishing)
    all.catch(() => undefined)
    return { placeholder, failures, published: all }
  } catch (error) {
    // Clean-up follows: nothing of this run may still be writing then.
    await Promise.allSettled([...publishing, promoted])
    throw error
  }
}

const giveUp = ({ database }: WorkerDeps, { lease }: Run, { name, error }: VariantError): Promise<void> =>
  fenced(database.db, lease, tx => failVariant(tx, lease, name, toResourceError(error)))

interface Publication {
  work: Work
  variant: VariantFile
  /** What must be published before: the original, and whatever the file points to. */
  after: readonly Promise<void>[]
  nextProgress(): number
}

async function publish({ store, database }: WorkerDeps, run: Run, publication: Publication): Promise<void> {
  const { work, variant, after, nextProgress } = publication
  const { lease, signal } = run
  const object = work.objects.get(variant.name)
  if (!object) throw new Error(`variant ${variant.name} was made and not planned`)
  const { file, ...made } = variant
  const { bucket, key } = object
  const { body, ...measures } = contentOf(work, variant)
  const pin = await store.put({ bucket, key, body, ...measures, ...publishedAs(made.contentType, work) }, { signal })
  crashpoint('variant.after-put')
  await Promise.all(after)
  const fingerprint = work.fingerprints.get(variant.name) ?? ''
  const isReferredTo = work.plan.variants.some(({ refersTo }) => refersTo.includes(variant.name))
  const written = { ...made, ...measures, ...pin, objectId: object.id, fingerprint, isReferredTo }
  await publishVariant(database.db, lease, written, nextProgress())
  crashpoint('variant.after-commit')
  if (made.byteSize <= MAX_BUFFERED_BYTES) rmSync(file, { force: true })
  else await rm(file, { force: true })
}

function contentOf(work: Work, variant: VariantFile): Pick<PutInput, 'body' | 'byteSize'> & Sha256 {
  const { file, byteSize, sha256 } = variant
  const text = withReferences(work, variant)
  if (text) return { body: text, byteSize: text.length, sha256: hash('sha256', text) }
  return { body: byteSize <= MAX_BUFFERED_BYTES ? readMade(file, byteSize) : { file }, byteSize, sha256 }
}

type Sha256 = Pick<VariantFile, 'sha256'>
