import { setTimeout as sleep } from 'node:timers/promises'
import {
  advanceBucketImport,
  type BucketImportObject,
  endBucketImport,
  findBucketObjects,
  findOpenBucketObjects,
  openBucketImport,
} from '@darkroom/db/uploads'
import type { OpenUploadDeps } from '../deps.ts'
import { type BucketSource, createDeliver } from './bucket-source.ts'
import { type BucketAssets, importObject, type ObjectOutcome } from './import-object.ts'
import { inPages } from './in-pages.ts'
import { isFolderMark } from './place-of-key.ts'

export interface BucketImportOptions {
  source: BucketSource
  assets: BucketAssets
  /** Objects that are begun per second at most. */
  ratePerSec: number
  /** Objects that are under way at a time. */
  atOnce: number
  signal: AbortSignal
  /** Told of every object that was looked at in this run. */
  report(outcome: ObjectOutcome): void
}

/** What is held in memory of a listing, and done anew at most after a crash. */
const PAGE = 500
/** So many in a row that fail for one reason which is none of the files' own: the next million would, too. */
const MAX_FAILURES_IN_A_ROW = 20

/** Says that a run ended early because objects fail one after the other. */
export class BucketImportStopped extends Error {
  readonly code: string

  constructor({ code, message }: { code: string; message: string }) {
    super(`${MAX_FAILURES_IN_A_ROW} objects in a row failed with ${code}: ${message}`)
    this.code = code
  }
}

/**
 * Imports what is in a bucket, from where the last run came to: first what that one left or could not do, then page by page what follows in
 * the listing. A process that is killed loses nothing; two at once do no harm.
 * @throws BucketImportStopped, the signal's reason, and what database and listing throw
 */
export async function importBucket(deps: OpenUploadDeps, options: BucketImportOptions): Promise<void> {
  const { source, assets, signal } = options
  const { db } = deps.database
  const { endpoint, bucket } = source
  const { prefix } = assets
  const walk = await openBucketImport(db, { projectId: assets.project.id, endpoint, bucket, prefix })
  const { id: importId } = walk
  const stop = new AbortController()
  const run = {
    deps,
    importId,
    source,
    assets,
    deliver: createDeliver(source, deps.store),
    signal: AbortSignal.any([signal, stop.signal]),
  }
  const pause = paced(options.ratePerSec)
  const watch = watchFailures(error => stop.abort(error))
  const work = (objects: readonly Pick<BucketImportObject, 'key' | 'etag'>[]) =>
    inLanes(objects, options.atOnce, async object => {
      await pause(run.signal)
      const outcome = await importObject(run, object)
      options.report(outcome)
      watch(outcome)
      run.signal.throwIfAborted()
    })

  for (let after: string | null = null; ; ) {
    const open: BucketImportObject[] = await findOpenBucketObjects(db, { importId, prefix, after, limit: PAGE })
    await work(open)
    after = open.at(-1)?.key ?? null
    if (after === null) break
  }
  const listing = source.store.listObjects({ bucket, prefix, after: walk.cursor ?? undefined }, { signal: run.signal })
  for await (const page of inPages(listing, PAGE)) {
    const known = await findBucketObjects(
      db,
      importId,
      page.map(({ key }) => key),
    )
    const hasRow = new Set(known.map(nameOf))
    // What has a row is imported, or was tried just now.
    await work(page.filter(object => !isFolderMark(object.key) && !hasRow.has(nameOf(object))))
    const last = page.at(-1)
    deps.faults.crashpoint('bucket.before-cursor')
    if (last) await advanceBucketImport(db, walk, last.key)
    deps.faults.crashpoint('bucket.after-cursor')
  }
  await endBucketImport(db, walk)
}

const nameOf = ({ key, etag }: { key: string; etag: string }): string => `${etag} ${key}`

/** Does work on all items, so many at a time. The first error ends it, when what is under way has come to its end. */
async function inLanes<T>(items: readonly T[], lanes: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  let hasFailed = false
  const lane = async () => {
    for (const item of queue) {
      if (hasFailed) return
      await work(item).catch(error => {
        hasFailed = true
        throw error
      })
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: Math.min(lanes, items.length) }, lane))
  for (const end of ended) if (end.status === 'rejected') throw end.reason
}

/** Returns what waits so that no more than so many pass in a second. */
function paced(ratePerSec: number): (signal: AbortSignal) => Promise<void> {
  let nextAt = 0
  return async signal => {
    const now = performance.now()
    const at = Math.max(now, nextAt)
    nextAt = at + 1000 / ratePerSec
    if (at > now) await sleep(at - now, undefined, { signal })
    signal.throwIfAborted()
  }
}

function watchFailures(onTooMany: (error: BucketImportStopped) => void): (outcome: ObjectOutcome) => void {
  let inARow = 0
  let code = ''
  return outcome => {
    if (outcome.outcome !== 'failed') {
      inARow = 0
      return
    }
    inARow = outcome.code === code ? inARow + 1 : 1
    code = outcome.code
    if (inARow >= MAX_FAILURES_IN_A_ROW && !isOfTheFile(code)) onTooMany(new BucketImportStopped(outcome))
  }
}

/** What is wrong with a file or its name, and says nothing of the next one. */
const OF_THE_FILE: ReadonlySet<string> = new Set([
  'UNSUPPORTED_TYPE',
  'DECODER_UNAVAILABLE',
  'EMPTY_FILE',
  'TOO_LARGE',
  'EXTERNAL_ID_TAKEN',
  'INVALID_REQUEST',
  'STORE_NOT_FOUND',
  'ASSET_DELETED',
])
const isOfTheFile = (code: string): boolean => OF_THE_FILE.has(code)
