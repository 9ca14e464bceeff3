import type { Caller } from '../client/caller.ts'
import type { Client } from '../client/client.ts'
import type { Ledger } from '../client/ledger.ts'
import type { Subscribers } from '../client/subscribers.ts'
import type { Random } from '../random.ts'
import type { Backend } from '../world/settings.ts'
import type { Universe } from '../world/universe.ts'

/** What a scenario acts on: a universe, and who uses it from outside. */
export interface World {
  universe: Universe
  client: Client
  /** Of a second project. */
  other: Client
  operator: Caller
  ledger: Ledger
  /** Of the first project. */
  subscribers: Subscribers
  timing: Timing
}

export interface Timing {
  /** Outages of the table, times this. */
  scale: number
  /** Longest that everything may take to settle after the faults ended. */
  settleMs: number
}

/** One round of a scenario: as many faults as fit into one wait. */
export interface Round {
  index: number
  /** How many faults to inflict: each counts as a trial. */
  faults: number
  random: Random
  /** What the scenario itself has to see; what does not hold makes the trial red. */
  expect(holds: boolean, subject: string, detail: string): void
  /** Adds to a figure that the report shows beside the main one. */
  note(name: string, amount: number): void
}

export interface Scenario {
  /** Of docs/chaos.md. */
  number: number
  name: string
  fault: string
  expected: string
  /** What the numbers that `run` returns are, with their unit. */
  figure: string
  /** Default both. */
  backends?: readonly Backend[]
  /** Processes of the universe, 1 each by default. */
  workers?: number
  apis?: number
  env?: Record<string, string>
  /** Faults that share one wait; default 1. */
  perRound?: number
  /** Where a trial is a whole soak or backlog. */
  maxTrials?: number
  /** Codes with which an acknowledged asset may end. */
  allows?: readonly string[]
  /** Bytes that nobody confirmed are owed too. */
  owesUnconfirmed?: boolean
  /** Why it cannot run on this machine; null when it can. */
  whyNot?(): string | null
  /** Inflicts the faults and ends them; what is then still under way, the runner waits for. @returns figures */
  run(world: World, round: Round): Promise<number[]>
}
