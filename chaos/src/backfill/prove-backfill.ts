import { join } from 'node:path'
import { type Backfill, PresetDefinition } from '@darkroom/contracts'
import { checkAssets } from '../checker/assets.ts'
import { checkShutDown, checkTempFiles } from '../checker/leaked-resources.ts'
import { checkRows } from '../checker/rows.ts'
import { checkStore } from '../checker/store.ts'
import type { Violation } from '../checker/violation.ts'
import { untilPurged } from '../checker/wait-until-purged.ts'
import { findUnsettled, untilSettled } from '../checker/wait-until-settled.ts'
import { createCaller } from '../client/caller.ts'
import { createClient } from '../client/client.ts'
import { createExpectedState, type Entry } from '../client/expected-state.ts'
import { applyPreset, createPreset, readBackfill } from '../client/presets.ts'
import { createSubscribers } from '../client/subscribers.ts'
import { createDeployment } from '../deployment/deployment.ts'
import type { Machine } from '../deployment/machine.ts'
import { eventually } from '../eventually.ts'
import { createRandom } from '../random.ts'
import { evidenceFolder } from '../report/journal.ts'
import { awaitLater, secondsSince } from '../scenarios/load.ts'
import type { ScenarioContext } from '../scenarios/scenario.ts'
import { checkEffects, type Effects } from './check-effects.ts'
import { type Kill, killDuringBackfill } from './kill-during-backfill.ts'
import { fillLibrary, type LibraryAsset } from './library.ts'
import type { ProofOptions } from './options.ts'
import { type LatencySummary, type SingleUpload, summarizeLatency, uploadSingly } from './single-uploads.ts'
import { watchUrls } from './watch-urls.ts'
import { watchWrites } from './watch-writes.ts'

const PRESET = 'library'
const FIRST = PresetDefinition.parse({
  image: {
    variants: [
      { name: 'kept', width: 48, format: 'webp' },
      { name: 'changed', width: 40, format: 'webp' },
    ],
  },
})
/** One file stays, one is made anew, one is new. */
const SECOND = PresetDefinition.parse({
  image: {
    variants: [
      { name: 'kept', width: 48, format: 'webp' },
      { name: 'changed', width: 32, format: 'webp' },
      { name: 'added', width: 24, format: 'jpeg' },
    ],
  },
})
const FILES_PER_ASSET = 2
const CANARY = 10
/** Assets that are fetched, hashed and decoded in the end; the store is held to the rows for all of them. */
const DECODED = 500
const TIMEOUT_MS = 180_000
const SAY_EVERY_MS = 10_000

/** What was seen of one backfill that was killed on its way. */
export interface Proof {
  backfill: Backfill
  seconds: number
  kills: Kill[]
  effects: Effects
  urlsFetched: number
  idle: LatencySummary
  /** Single uploads during the backfill that no kill touched, and all of them. */
  during: LatencySummary
  withKills: LatencySummary
  violations: Violation[]
}

/**
 * Applies a version of a preset to a library, kills everything several times on the way, and holds what comes out to the rows,
 * to the store and to what clients saw meanwhile.
 */
export async function proveBackfill(
  machine: Machine,
  options: ProofOptions,
  say: (line: string) => void,
): Promise<Proof> {
  const { assets, probes, seed, pace } = options
  await using opened = new AsyncDisposableStack()
  const context = await openContext(machine, options, opened)
  const { client, deployment, expectedState } = context
  await createPreset(client.caller, PRESET, FIRST)
  const began = performance.now()
  const library = await fillLibrary(context, {
    preset: { name: PRESET, definition: FIRST },
    // The one that the others are made after is in it too.
    count: assets - 1,
    random: createRandom(seed, 'library'),
    onProgress: throttled(done => say(`${done + 1} of ${assets} photos are in the library`)),
  })
  await deployment.sql`ANALYZE`
  say(`library of ${assets} photos after ${Math.round(secondsSince(began))} s`)
  const singles = createRandom(seed, 'singles')
  const idle = summarizeLatency(await uploadSingly(context, singles, pace.uploadMs, ({ length }) => length >= probes))
  say(`single uploads before: ${describe(idle)}`)

  const version = await createPreset(client.caller, PRESET, SECOND)
  const writes = watchWrites(deployment.store)
  const urls = watchUrls(context, library, { random: createRandom(seed, 'urls'), pauseMs: pace.urlMs })
  const started = performance.now()
  const { id } = await applyPreset(client.caller, PRESET, { version, canary: Math.min(CANARY, assets) })
  const during = await throughBackfill(context, { ...options, id, say, singles })
  const seconds = secondsSince(started)
  const { fetched, missing } = await urls.end()
  const stuck = await untilSettled(deployment, TIMEOUT_MS)
  const backfill = await readBackfill(client.caller, id)
  say(`backfill ${backfill.status} after ${Math.round(seconds)} s; checking`)

  const entries = [...expectedState.entries(), ...sampleOf(library, createRandom(seed, 'sample'))]
  const effects = await checkEffects(deployment, {
    backfillId: id,
    total: assets,
    filesPerAsset: FILES_PER_ASSET,
    kills: during.kills,
    writes: writes.end(),
  })
  const violations: Violation[] = [
    ...stuck.map(detail => ({ kind: 'stuck' as const, subject: detail, detail })),
    ...missing,
    ...effects.violations,
    ...(backfill.succeeded === assets && backfill.status === 'completed'
      ? []
      : [{ kind: 'lost' as const, subject: 'backfill', detail: JSON.stringify(backfill) }]),
    ...(await checkAssets({ project: client, other: context.other }, entries, NOTHING_FAILS)),
    ...(await checkRows(deployment)),
    ...(await checkStore(deployment, { isFinal: false })),
    ...(await checkTempFiles(deployment)),
  ]
  await untilPurged(deployment)
  violations.push(...(await checkStore(deployment, { isFinal: true })), ...(await checkShutDown(deployment)))
  violations.push(
    ...deployment.processes
      .takeUnexpectedExits()
      .map(detail => ({ kind: 'unexpected' as const, subject: 'process', detail })),
  )
  const undisturbed = during.uploads.filter(upload => !during.kills.some(kill => isTouchedBy(upload, kill)))
  return {
    backfill,
    seconds,
    kills: during.kills,
    effects,
    urlsFetched: fetched,
    idle,
    violations,
    during: summarizeLatency(undisturbed),
    withKills: summarizeLatency(during.uploads),
  }
}

const NOTHING_FAILS = { allowedCodes: new Set<string>(), expectsUnconfirmed: false }

const isTouchedBy = (upload: SingleUpload, kill: Kill): boolean => upload.from < kill.to && upload.to > kill.from

export const describe = ({ count, p50Ms, p95Ms, waitMs }: LatencySummary): string =>
  `p50 ${Math.round(p50Ms)} ms (${Math.round(waitMs)} queued), p95 ${Math.round(p95Ms)} ms, n ${count}`

async function openContext(
  machine: Machine,
  { backend, workers, seed }: ProofOptions,
  opened: AsyncDisposableStack,
): Promise<ScenarioContext> {
  const name = `backfill-${backend}`
  const deployment = await createDeployment(machine, { name, backend, workers, apis: 1, env: {} })
  opened.defer(() => deployment.close())
  const { keys, processes } = deployment
  const folder = evidenceFolder(seed)
  const expectedState = createExpectedState(join(folder, `${name}.jsonl`))
  const reach = { urls: processes.apiUrls, expectedState, timeoutMs: TIMEOUT_MS }
  const client = createClient({ ...reach, tenant: 'project', key: keys.project })
  return {
    deployment,
    expectedState,
    client,
    other: createClient({ ...reach, tenant: 'other', key: keys.other }),
    operator: createCaller({ ...reach, key: keys.operator }),
    subscribers: createSubscribers({ caller: client.caller, file: join(folder, `${name}-webhooks.jsonl`) }),
    timing: { scale: 1, settleMs: TIMEOUT_MS },
  }
}

/** Leases of killed workers take 20 s to run out. */
const STALL = { withinMs: 60_000 }

interface Row {
  status: string
  done: number
}

/** Runs until the backfill has ended: with kills, and with single uploads all the time. */
async function throughBackfill(
  context: ScenarioContext,
  input: ProofOptions & { id: string; singles: ReturnType<typeof createRandom>; say(line: string): void },
): Promise<{ kills: Kill[]; uploads: SingleUpload[] }> {
  const { id, assets, kills, seed, pace, singles, say } = input
  const { sql } = context.deployment
  let isOver = false
  const rowOf = async () => {
    const [row] = await sql<Row[]>`
      SELECT status, succeeded + partial + failed + cancelled AS done FROM backfills WHERE id = ${id}`
    return row ?? { status: 'gone', done: 0 }
  }
  /** Waits as long as the backfill goes on. @throws Error with what is under way, when nothing was done for too long */
  const untilRow = async (holds: (row: Row) => boolean): Promise<void> => {
    for (let row = await rowOf(); !holds(row); ) {
      const { done } = row
      row = await eventually('the backfill goes on', rowOf, now => now.done !== done || holds(now), STALL).catch(
        async ({ message }) => {
          throw new Error([message, ...(await findUnsettled(context.deployment))].join('\n'))
        },
      )
    }
  }
  const tell = throttled(async () => say(`${(await rowOf()).done} of ${assets} assets`), SAY_EVERY_MS)
  const uploads = awaitLater(
    uploadSingly(context, singles, pace.uploadMs, () => {
      tell(0)
      return isOver
    }),
  )
  const killing = awaitLater(
    killDuringBackfill(context, {
      kills,
      total: assets,
      random: createRandom(seed, 'kills'),
      say,
      untilDone: assets => untilRow(({ done }) => done >= assets),
    }),
  )
  const struck = await killing
  await untilRow(({ status }) => status !== 'running')
  isOver = true
  return { kills: struck, uploads: await uploads }
}

const sampleOf = (library: readonly LibraryAsset[], random: ReturnType<typeof createRandom>): Entry[] =>
  random
    .shuffled(library)
    .slice(0, DECODED)
    .map(({ assetId, byteSize, sha256 }) => ({
      tenant: 'project' as const,
      assetId,
      uploadId: '',
      byteSize,
      sha256,
      guarantee: 'confirmed' as const,
    }))

/** Says something no more often than so. */
function throttled(tell: (value: number) => unknown, everyMs = SAY_EVERY_MS): (value: number) => void {
  let toldAt = performance.now()
  return value => {
    if (performance.now() - toldAt < everyMs) return
    toldAt = performance.now()
    tell(value)
  }
}
