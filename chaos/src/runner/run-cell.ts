import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Asset } from '@darkroom/contracts'
import { checkAssets } from '../checker/assets.ts'
import { checkDeliveries } from '../checker/deliveries.ts'
import { checkShutDown, checkTempFiles, untilKilledWorkersLeaveNoFolder } from '../checker/leaked-resources.ts'
import { type Baseline, checkResources, measureProcesses } from '../checker/resources.ts'
import { checkRows } from '../checker/rows.ts'
import { checkStore } from '../checker/store.ts'
import type { Violation } from '../checker/violation.ts'
import { untilDelivered } from '../checker/wait-until-delivered.ts'
import { untilPurged } from '../checker/wait-until-purged.ts'
import { untilSettled } from '../checker/wait-until-settled.ts'
import { createCaller } from '../client/caller.ts'
import { createClient } from '../client/client.ts'
import { createExpectedState } from '../client/expected-state.ts'
import { makePhoto } from '../client/photo.ts'
import { createSubscribers } from '../client/subscribers.ts'
import { createDeployment } from '../deployment/deployment.ts'
import type { Machine } from '../deployment/machine.ts'
import type { Backend } from '../deployment/settings.ts'
import { eventually } from '../eventually.ts'
import { createRandom } from '../random.ts'
import { evidenceFolder } from '../report/journal.ts'
import type { Round, Scenario, ScenarioContext } from '../scenarios/scenario.ts'
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
 * Runs one scenario on one backend in a deployment of its own, and checks the invariants after every round. When it is red, the
 * expected state and the logs of the processes stay in the system's temporary folder.
 */
export async function runCell(machine: Machine, options: CellOptions): Promise<TrialResults> {
  const { scenario, backend, seed } = options
  const results = createTrialResults()
  const name = `chaos-${scenario.number}-${backend}`
  const evidence = evidenceFolder(seed)
  const stateFile = join(evidence, `${name}.jsonl`)
  const webhooksFile = join(evidence, `${name}-webhooks.jsonl`)
  const removeRecords = () => Promise.all([stateFile, webhooksFile].map(file => rm(file, { force: true })))
  await removeRecords()
  await using opened = new AsyncDisposableStack()
  const deployment = await createDeployment(machine, {
    name,
    backend,
    ...(scenario.redisGroup && { redisGroup: scenario.redisGroup }),
    workers: scenario.workers ?? 1,
    apis: scenario.apis ?? 1,
    env: { ...scenario.env, ...(options.sabotage && { DARKROOM_SABOTAGE: options.sabotage }) },
  })
  opened.defer(() => deployment.close())
  let isGreen = false
  opened.defer(async () => {
    if (!isGreen) await cp(deployment.logFolder, join(evidence, name), { recursive: true })
  })
  const expectedState = createExpectedState(stateFile)
  const { keys, processes } = deployment
  const reach = { urls: processes.apiUrls, expectedState, timeoutMs: options.settleMs }
  const client = createClient({ ...reach, tenant: 'project', key: keys.project })
  const subscribers = createSubscribers({ caller: client.caller, file: webhooksFile })
  opened.defer(() => subscribers.dispose())
  const context: ScenarioContext = {
    deployment,
    expectedState,
    subscribers,
    client,
    other: createClient({ ...reach, tenant: 'other', key: keys.other }),
    operator: createCaller({ ...reach, key: keys.operator }),
    timing: { scale: options.scale, settleMs: options.settleMs },
  }
  await warmUp(context, createRandom(seed, name))
  const before = measureProcesses(deployment)
  const trials = Math.min(options.trials, scenario.maxTrials ?? Number.POSITIVE_INFINITY)
  for (let index = 0; results.trials < trials; index++) {
    const faults = Math.min(scenario.perRound ?? 1, trials - results.trials)
    await runRound(context, options, results, { index, faults, random: createRandom(seed, name, index) })
    // What is wrong is known by then; more rounds would only take time, above all where each waits for what is stuck.
    const isStuck = results.violations.some(({ kind }) => kind === 'stuck')
    if (isStuck || results.violations.length > MAX_VIOLATIONS) break
  }
  await finish(context, results, before)
  for (const caller of [context.client.caller, context.other.caller, context.operator]) results.addAnswersOf(caller)
  isGreen = results.violations.length === 0
  if (isGreen) await removeRecords()
  return results
}

const MAX_VIOLATIONS = 20
const WARM_UP_MS = 180_000

/** Processes a first asset without faults, because cold processes are slow. */
async function warmUp({ client }: ScenarioContext, random: Round['random']): Promise<void> {
  const { asset } = await client.upload(await makePhoto(random))
  const read = () => client.asset(asset.id)
  const isSettled = ({ status }: Asset) => status !== 'processing'
  const settled = await eventually('the first asset is settled', read, isSettled, { withinMs: WARM_UP_MS })
  if (settled.status !== 'ready')
    throw new Error(`without any fault an asset is not ready, but ${JSON.stringify(settled)}`)
}

async function runRound(
  context: ScenarioContext,
  { scenario, settleMs }: CellOptions,
  results: TrialResults,
  { index, faults, random }: Pick<Round, 'index' | 'faults' | 'random'>,
): Promise<void> {
  const { deployment, expectedState, subscribers, client, other } = context
  expectedState.openRound()
  const expect: Round['expect'] = (holds, subject, detail) => {
    if (!holds) results.add([{ kind: 'unexpected', subject: `${subject} (round ${index})`, detail }])
  }
  try {
    results.figures.push(...(await scenario.run(context, { index, faults, random, expect, note: results.note })))
  } catch (error) {
    expect(false, 'scenario', `${error instanceof Error ? error.stack : error}`)
  }
  results.trials += faults
  await deployment.heal()
  await Promise.all(subscribers.all().map(({ receiver }) => receiver.heal()))
  const stuck = [...(await untilSettled(deployment, settleMs)), ...(await untilDelivered(deployment, settleMs))]
  const entries = expectedState.entries()
  results.assets += entries.length
  results.add(stuck.map(what => ({ kind: 'stuck' as const, subject: what.split(' is ')[0] ?? what, detail: what })))
  results.add(
    await checkAssets({ project: client, other }, entries, {
      allowedCodes: new Set(scenario.allows),
      expectsUnconfirmed: scenario.expectsUnconfirmed ?? false,
    }),
  )
  results.add([...(await checkRows(deployment)), ...(await checkStore(deployment, { isFinal: false }))])
  results.add(await checkDeliveries(deployment, subscribers.all()))
  if (stuck.length === 0) results.add(await checkTempFiles(deployment))
  await subscribers.closeAll()
  results.add(processesThatEnded(context))
}

const processesThatEnded = ({ deployment }: ScenarioContext): Violation[] =>
  deployment.processes
    .takeUnexpectedExits()
    .map(detail => ({ kind: 'unexpected', subject: detail.split(' ')[0] ?? '', detail }))

/** Checks after the last round that every doomed object is removed, and that the processes leave nothing. */
async function finish(context: ScenarioContext, results: TrialResults, before: Baseline): Promise<void> {
  const { deployment } = context
  // A worker that starts removes the files of those that were killed.
  await deployment.processes.start('worker')
  await untilPurged(deployment)
  results.add(await checkResources(deployment, before))
  await untilKilledWorkersLeaveNoFolder(deployment)
  results.add(await checkStore(deployment, { isFinal: true }))
  results.add(await checkRows(deployment))
  results.add(await checkShutDown(deployment))
  results.add(processesThatEnded(context))
}
