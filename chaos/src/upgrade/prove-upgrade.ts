import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkAssets } from '../checker/assets.ts'
import { checkShutDown, checkTempFiles } from '../checker/leaked-resources.ts'
import { checkRows } from '../checker/rows.ts'
import { checkStore } from '../checker/store.ts'
import type { Violation } from '../checker/violation.ts'
import { untilSettled } from '../checker/wait-until-settled.ts'
import { createClient } from '../client/client.ts'
import { createExpectedState } from '../client/expected-state.ts'
import { createDeployment } from '../deployment/deployment.ts'
import { type Machine, runDarkroom } from '../deployment/machine.ts'
import type { Code } from '../deployment/service.ts'
import type { Backend } from '../deployment/settings.ts'
import { createRandom } from '../random.ts'
import { evidenceFolder } from '../report/journal.ts'
import { awaitLater, secondsSince, uploadUntil } from '../scenarios/load.ts'
import { replaceProcesses } from './replace-processes.ts'

export interface UpgradeOptions {
  old: Code
  new: Code
  backend: Backend
  seed: string
  /** How long the load goes on after each process that was replaced, in milliseconds. */
  pauseMs: number
}

/** What was seen of one roll-out. */
export interface Phase {
  name: string
  seconds: number
  /** Acknowledged in it. */
  uploads: number
}

export interface UpgradeProof {
  backend: Backend
  phases: Phase[]
  /** Answers of the APIs by status, among them those that a client tried again. */
  statuses: ReadonlyMap<number, number>
  violations: Violation[]
}

const APIS = 2
const WORKERS = 2
const CLIENTS = 3
const SETTLE_MS = 180_000
const NOTHING_FAILS = { allowedCodes: new Set<string>(), expectsUnconfirmed: false }

/**
 * Replaces APIs and workers of one version by those of another, back, and again, under load, on one database. APIs of each version meet
 * workers of the other on the way.
 * @param machine whose database template is that of the old version
 */
export async function proveUpgrade(
  machine: Machine,
  options: UpgradeOptions,
  say: (line: string) => void,
): Promise<UpgradeProof> {
  const { backend, seed, pauseMs } = options
  const name = `upgrade-${backend}`
  await using opened = new AsyncDisposableStack()
  const deployment = await createDeployment(machine, {
    name,
    backend,
    code: options.old,
    workers: WORKERS,
    apis: APIS,
    env: {},
  })
  opened.defer(() => deployment.close())
  const { keys, processes } = deployment
  const expectedState = createExpectedState(join(evidenceFolder(seed), `${name}.jsonl`))
  const reach = { urls: processes.apiUrls, expectedState, timeoutMs: SETTLE_MS }
  const client = createClient({ ...reach, tenant: 'project', key: keys.project })
  const other = createClient({ ...reach, tenant: 'other', key: keys.other })
  let isOver = false
  const load = Array.from({ length: CLIENTS }, (_, index) =>
    awaitLater(uploadUntil({ client }, createRandom(seed, name, index), () => isOver)),
  )
  const failures: string[] = []
  const roll = async (code: Code, ...roles: ('api' | 'worker')[]) => {
    for (const role of roles) failures.push(...(await replaceProcesses(processes, { role, code }, pauseMs)))
  }
  const steps: readonly [string, () => Promise<unknown>][] = [
    ['old version', () => sleep(pauseMs)],
    ['migration', () => runDarkroom(options.new.folder, deployment.databaseUrl, 'migrate')],
    ['upgrade, APIs first', () => roll(options.new, 'api', 'worker')],
    ['rollback, APIs first', () => roll(options.old, 'api', 'worker')],
    ['upgrade, workers first', () => roll(options.new, 'worker', 'api')],
  ]
  const phases: Phase[] = []
  for (const [phase, step] of steps) {
    const [before, began] = [expectedState.entries().length, performance.now()]
    await step()
    const done = { name: phase, seconds: secondsSince(began), uploads: expectedState.entries().length - before }
    phases.push(done)
    say(`${backend}: ${phase}: ${done.uploads} uploads in ${done.seconds.toFixed(1)} s`)
  }
  isOver = true
  await Promise.all(load)
  const stuck = await untilSettled(deployment, SETTLE_MS)
  const violations: Violation[] = [
    ...stuck.map(detail => ({ kind: 'stuck' as const, subject: detail, detail })),
    ...failures.map(detail => ({ kind: 'unexpected' as const, subject: detail.split(' ')[0] ?? '', detail })),
    ...client.caller.contractViolations.map(({ call, status, text }) => ({
      kind: 'unclear-error' as const,
      subject: call,
      detail: `${status}: ${text}`,
    })),
    ...(await checkAssets({ project: client, other }, expectedState.entries(), NOTHING_FAILS)),
    ...(await checkRows(deployment)),
    ...(await checkStore(deployment, { isFinal: false })),
    ...(await checkTempFiles(deployment)),
    ...(await checkShutDown(deployment)),
    ...processes.takeUnexpectedExits().map(detail => ({ kind: 'unexpected' as const, subject: 'process', detail })),
  ]
  return { backend, phases, statuses: client.caller.statuses, violations }
}
