import type { AssetWarning, Placeholder } from '@darkroom/contracts'
import type { AppError, Outcome } from '@darkroom/core'
import type { Tx } from '@darkroom/db/client'
import type { ClaimedJob, ImportedBytes, LostFile, MovedFile, Rest, RunEnd } from '@darkroom/jobs/sql'
import type { WorkerDeps } from '../deps.ts'

/** One run of a job: what was claimed, where it may put files, and the signal at which it must stop. */
export interface Run extends ClaimedJob {
  workDir: string
  signal: AbortSignal
  /** Most memory that a media process of this run used so far. */
  peakMemoryBytes: number
  /** Of the bytes it works on, once they are read. */
  sourceSha256: string | null
  /** What stands in until a variant is there, once it is made. */
  placeholder: Placeholder | null
  /** What is wrong with the source: what was found in this run, and whether it leaves files as they are that earlier ones made. */
  warnings: { found: AssetWarning[]; leavesFiles: boolean }
  /** Names of what the job has to make or to leave out, once it is planned; a whole run drops what has another name at its end. */
  planned: readonly string[]
  /** What an import brought, once it is in the store. */
  imported: ImportedBytes | null
  /** What a move copied and what it could not, and out of which bucket. */
  moved: { files: MovedFile[]; lost: LostFile[]; fromBucket: string } | null
}

/** What a job does. */
export interface Handler {
  run(deps: WorkerDeps, run: Run): Promise<Outcome>
  /**
   * Ends the job as succeeded, together with what it worked on: one commit, fenced.
   * @param rest of a run that was incomplete, and published for the first time or for good
   * @throws LEASE_LOST; any other AppError fails the run
   */
  complete(deps: WorkerDeps, run: Run, end: RunEnd, rest?: Rest): Promise<void>
  /** The job failed for good; part of the transaction that ends it. */
  onFailed(tx: Tx, deps: WorkerDeps, run: Run, error: AppError): Promise<void>
}
