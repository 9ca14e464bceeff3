import type { Caller } from '../client/caller.ts'
import type { Client } from '../client/client.ts'
import type { ExpectedState } from '../client/expected-state.ts'
import type { Subscribers } from '../client/subscribers.ts'
import type { Deployment, RedisGroupKind } from '../deployment/deployment.ts'
import type { Backend } from '../deployment/settings.ts'
import type { Random } from '../random.ts'

/** What a scenario acts on: a deployment, and its clients. */
export interface ScenarioContext {
  deployment: Deployment
  client: Client
  /** Of a second project. */
  other: Client
  operator: Caller
  expectedState: ExpectedState
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
  /** Checks an expectation of the scenario itself; the trial is red when it does not hold. */
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
  /** With the backend `redis`: several servers in the place of one. */
  redisGroup?: RedisGroupKind
  /** Processes of the deployment, 1 each by default. */
  workers?: number
  apis?: number
  env?: Record<string, string>
  /** Faults that share one wait; default 1. */
  perRound?: number
  /** Where a trial is a whole soak or backlog. */
  maxTrials?: number
  /** Codes with which an acknowledged asset may end. */
  allows?: readonly string[]
  /** Unconfirmed bytes must survive as well. */
  expectsUnconfirmed?: boolean
  /** Why it cannot run on this machine; null when it can. */
  whyNot?(): string | null
  /** Inflicts the faults and ends them; what is then still under way, the runner waits for. @returns figures */
  run(context: ScenarioContext, round: Round): Promise<number[]>
}
