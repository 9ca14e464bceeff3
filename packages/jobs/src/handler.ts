import type { JobName } from '@darkroom/contracts'
import type { AppError } from '@darkroom/core'
import type { Tx } from '@darkroom/db/client'
import type { Findings, FindingsLog } from './findings.ts'
import type { Outcome } from './outcome.ts'
import type { Run } from './run.ts'
import type { Rest, RunEnd } from './sql/index.ts'

export type { Run } from './run.ts'

/** What jobs of one name do. */
export interface Handler<Result> {
  /** Does the work, outside any transaction. May be called again for the same job at any time, after a kill at any point. */
  run(run: Run, findings: FindingsLog): Promise<Outcome<Result>>
  /**
   * Ends the job as succeeded, together with what it worked on: one commit, fenced.
   * @param result what `run` returned
   * @param rest of a run that was incomplete, and published for the first time or for good
   * @throws LEASE_LOST; any other AppError fails the run
   */
  complete(run: Run, result: Result, end: RunEnd, rest?: Rest): Promise<void>
  /** Writes what a job that failed for good means to what it worked on; part of the transaction that ends it. */
  onFailed(tx: Tx, run: Run, error: AppError, findings: Findings): Promise<void>
}

/** The handler of each kind of job. The runner gives `complete` only what `run` of the same handler returned. */
export type Handlers = { readonly [Name in JobName]: Handler<unknown> }
