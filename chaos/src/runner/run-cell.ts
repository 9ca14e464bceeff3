import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Asset } from '@darkroom/contracts'
import { checkAssets } from '../checker/assets.ts'
import { checkDeliveries } from '../checker/deliveries.ts'
import { checkShutDown, checkTempFiles, untilNoFolderOfTheDead } from '../checker/leaked-resources.ts'
import { type Baseline, checkResources, measureProcesses } from '../checker/resources.ts'
import { checkRows } from '../checker/rows.ts'
import { untilPurged } from '../checker/second-pass.ts'
import { untilSettled } from '../checker/settling.ts'
import { checkStore } from '../checker/store.ts'
import { untilDelivered } from '../checker/undelivered.ts'
import type { Violation } from '../checker/violation.ts'
import { createCaller } from '../client/caller.ts'
import { createClient } from '../client/client.ts'
import { createLedger } from '../client/ledger.ts'
import { makePhoto } from '../client/photo.ts'
import { createSubscribers } from '../client/subscribers.ts'
import { eventually } from '../eventually.ts'
import { createRandom } from '../random.ts'
import { evidenceFolder } from '../report/journal.ts'
import type { Round, Scenario, World } from '../scenarios/scenario.ts'
import type { Machine } from '../world/machine.ts'
import type { Backend } from '../world/settings.ts'
import { createUniverse } from '../world/universe.ts'
import { createTrialResults, type TrialResults } from './trial-results.ts'

export interface CellOptions {
  scenario: Scenario
  backend: Backend
  trials: number
  seed: string
  scale: number
  settleMs: number
  sabotage: string | null
}

/**
 * Runs one scenario on one backend in a universe of its own, and holds it to the invariants after every round. Where it is red, the
 * ledger and what the processes said stay in the system's temporary folder.
 */
export async function runCell(machine: Machine, options: CellOptions): Promise<TrialResults> {
  const { scenario, backend, seed } = options
  const results = createTrialResults()
  const name = `chaos-${scenario.number}-${backend}`
  const evidence = evidenceFolder(seed)
  const ledgerFile = join(evidence, `${name}.jsonl`)
  const webhooksFile = join(evidence, `${name}-webhooks.jsonl`)
  const removeLedgers = () => Promise.all([ledgerFile, webhooksFile].map(file => rm(file, { force: true })))
  await removeLedgers()
  await using opened = new AsyncDisposableStack()
  const universe = await createUniverse(machine, {
    name,
    backend,
    workers: scenario.workers ?? 1,
    apis: scenario.apis ?? 1,
    env: { ...scenario.env, ...(options.sabotage && { DARKROOM_SABOTAGE: options.sabotage }) },
  })
  opened.defer(() => universe.close())
  let isGreen = false
  opened.defer(async () => {
    if (!isGreen) await cp(universe.logFolder, join(evidence, name), { recursive: true })
  })
  const ledger = createLedger(ledgerFile)
  const { keys, processes } = universe
  const reach = { urls: processes.apiUrls, ledger, patienceMs: options.settleMs }
  const client = createClient({ ...reach, tenant: 'project', key: keys.project })
  const subscribers = createSubscribers({ caller: client.caller, file: webhooksFile })
  opened.defer(() => subscribers.dispose())
  const world: World = {
    universe,
    ledger,
    subscribers,
    client,
    other: createClient({ ...reach, tenant: 'other', key: keys.other }),
    operator: createCaller({ ...reach, key: keys.operator }),
    timing: { scale: options.scale, settleMs: options.settleMs },
  }
  await warmUp(world, createRandom(seed, name))
  const before = measureProcesses(universe)
  const trials = Math.min(options.trials, scenario.maxTrials ?? Number.POSITIVE_INFINITY)
  for (let index = 0; results.trials < trials; index++) {
    const faults = Math.min(scenario.perRound ?? 1, trials - results.trials)
    await runRound(world, options, results, { index, faults, random: createRandom(seed, name, index) })
    // What is wrong is known by then; more rounds would only take time, above all where each waits for what is stuck.
    const isStuck = results.violations.some(({ kind }) => kind === 'stuck')
    if (isStuck || results.violations.length > MAX_VIOLATIONS) break
  }
  await finish(world, results, before)
  for (const caller of [world.client.caller, world.other.caller, world.operator]) results.hear(caller)
  isGreen = results.violations.length === 0
  if (isGreen) await removeLedgers()
  return results
}

const MAX_VIOLATIONS = 20
const WARM_UP_MS = 180_000

/** The first asset meets cold processes, which is no fault of anybody. */
async function warmUp({ client }: World, random: Round['random']): Promise<void> {
  const { asset } = await client.upload(await makePhoto(random))
  const read = () => client.asset(asset.id)
  const isSettled = ({ status }: Asset) => status !== 'processing'
  const settled = await eventually('the first asset is settled', read, isSettled, { withinMs: WARM_UP_MS })
  if (settled.status !== 'ready')
    throw new Error(`without any fault an asset is not ready, but ${JSON.stringify(settled)}`)
}

async function runRound(
  world: World,
  { scenario, settleMs }: CellOptions,
  results: TrialResults,
  { index, faults, random }: Pick<Round, 'index' | 'faults' | 'random'>,
): Promise<void> {
  const { universe, ledger, subscribers, client, other } = world
  ledger.openRound()
  const expect: Round['expect'] = (holds, subject, detail) => {
    if (!holds) results.add([{ kind: 'unexpected', subject: `${subject} (round ${index})`, detail }])
  }
  try {
    results.figures.push(...(await scenario.run(world, { index, faults, random, expect, note: results.note })))
  } catch (error) {
    expect(false, 'scenario', `${error instanceof Error ? error.stack : error}`)
  }
  results.trials += faults
  await universe.heal()
  await Promise.all(subscribers.all().map(({ receiver }) => receiver.heal()))
  const stuck = [...(await untilSettled(universe, settleMs)), ...(await untilDelivered(universe, settleMs))]
  const entries = ledger.entries()
  results.assets += entries.length
  results.add(stuck.map(what => ({ kind: 'stuck' as const, subject: what.split(' is ')[0] ?? what, detail: what })))
  results.add(
    await checkAssets({ project: client, other }, entries, {
      allowedCodes: new Set(scenario.allows),
      owesUnconfirmed: scenario.owesUnconfirmed ?? false,
    }),
  )
  results.add([...(await checkRows(universe)), ...(await checkStore(universe, { isFinal: false }))])
  results.add(await checkDeliveries(universe, subscribers.all()))
  if (stuck.length === 0) results.add(await checkTempFiles(universe))
  await subscribers.closeAll()
  results.add(processesThatEnded(world))
}

const processesThatEnded = ({ universe }: World): Violation[] =>
  universe.processes
    .takeSurprises()
    .map(detail => ({ kind: 'unexpected', subject: detail.split(' ')[0] ?? '', detail }))

/** After the last round: everything that was given up must go, and the processes must leave nothing. */
async function finish(world: World, results: TrialResults, before: Baseline): Promise<void> {
  const { universe } = world
  // A worker that starts removes the files of those that were killed.
  await universe.processes.start('worker')
  await untilPurged(universe)
  results.add(await checkResources(universe, before))
  await untilNoFolderOfTheDead(universe)
  results.add(await checkStore(universe, { isFinal: true }))
  results.add(await checkRows(universe))
  results.add(await checkShutDown(universe))
  results.add(processesThatEnded(world))
}
