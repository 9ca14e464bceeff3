import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { createCheck } from './check.ts'
import { type Operation, operationsOf } from './document.ts'
import { harvest } from './harvest.ts'
import { type FuzzRequest, requestOf } from './request.ts'
import { createSender } from './send.ts'
import type { Setting } from './setting.ts'

/** What an operation answered, by status. */
export interface Tally {
  operation: string
  statuses: Map<number, number>
}

export interface Violation {
  operation: string
  faults: string[]
  /** The smallest that was found. */
  request: FuzzRequest
  seed: number
}

export interface Result {
  seed: number
  requests: number
  seconds: number
  tallies: Tally[]
  violations: Violation[]
}

export interface RunOptions {
  requests: number
  seed: number
  onRound?(progress: { requests: number; violations: number }): void
  onViolation?(violation: Violation): void
}

/** So many requests of an operation one after the other, before things are put back in place. */
const PER_ROUND = 12
/** So many operations at a time, so that requests meet. */
const LANES = 4

/** Makes requests for every operation of the document until there were as many as wanted. */
export async function run(setting: Setting, { requests, seed, onRound, onViolation }: RunOptions): Promise<Result> {
  const start = performance.now()
  const operations = operationsOf(setting.world.document)
  const tallies = new Map(
    operations.map(({ name }) => [name, { operation: name, statuses: new Map<number, number>() }]),
  )
  const violations = new Map<string, Violation>()
  const { send, close } = createSender(setting.url)
  const check = createCheck(setting.world.document)
  // Few requests are of every operation as well.
  const perRound = Math.min(PER_ROUND, Math.ceil(requests / operations.length))
  let sent = 0

  async function probe(operation: Operation, request: FuzzRequest): Promise<string[]> {
    sent++
    const answer = await send(request).catch((error: Error) => error)
    if (answer instanceof Error) return [`no answer: ${answer.message}`]
    const { statuses } = tallies.get(operation.name) ?? { statuses: new Map<number, number>() }
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    const faults = check(operation, request, answer)
    if (faults.length === 0) harvest(setting.world, operation, request, answer)
    return faults
  }

  async function examine(operation: Operation, ofRound: number): Promise<void> {
    let found: Violation | undefined
    const property = fc.asyncProperty(requestOf(setting.world, operation), async request => {
      const faults = await probe(operation, request)
      const key = keyOf(operation, faults)
      if (faults.length === 0 || violations.has(key)) return
      // Made smaller, it must still be the same fault.
      if (found && key !== keyOf(operation, found.faults)) return
      found = { operation: operation.name, faults, request, seed: ofRound }
      throw new Error(faults.join('\n'))
    })
    await fc.check(property, { seed: ofRound, numRuns: perRound })
    if (!found) return
    violations.set(keyOf(operation, found.faults), found)
    onViolation?.(found)
  }

  for (let round = 0; sent < requests; round++) {
    await setting.tend(round)
    const waiting = operations.map(operation => () => examine(operation, seedOf(seed, round, operation.name)))
    await inLanes(waiting, () => sent < requests)
    onRound?.({ requests: sent, violations: violations.size })
  }
  close()
  const seconds = (performance.now() - start) / 1000
  return { seed, requests: sent, seconds, tallies: [...tallies.values()], violations: [...violations.values()] }
}

/** Faults that differ only in what was answered are one. */
const keyOf = ({ name }: Operation, faults: string[]): string =>
  `${name} ${faults.map(fault => fault.replace(/[:{].*/s, '')).join(' ')}`

const seedOf = (seed: number, round: number, name: string): number =>
  createHash('sha256').update(`${seed} ${round} ${name}`).digest().readInt32BE()

async function inLanes(waiting: (() => Promise<void>)[], goOn: () => boolean): Promise<void> {
  const lane = async () => {
    for (let next = waiting.shift(); next && goOn(); next = waiting.shift()) await next()
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}
