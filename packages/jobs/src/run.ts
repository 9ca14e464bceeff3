import type { ResourceError } from '@darkroom/contracts'
import type { Bound } from '@darkroom/core'
import type { Database, Tx } from '@darkroom/db/client'
import {
  adoptDetectedType,
  type ClaimedJob,
  completeImport,
  completeRun,
  endJob,
  failVariant,
  fenced,
  finishMove,
  type Lease,
  noteProgress,
  planMove,
  planRun,
  publishVariant,
  type RunEnd,
  reserveImport,
  setJobSource,
  storeOriginal,
  variantsMadeByJob,
} from './sql/index.ts'

/** A write of which the run knows the database and the lease. */
type Fenced<Write> = Bound<Write, [db: Database, lease: Lease]>

/**
 * What a run writes. Each is fenced by its lease: a run that was overtaken by another one, by a newer job of its asset or by a
 * deletion writes nothing, and hears of it as LEASE_LOST.
 */
interface RunWrites {
  /** Records what was found and is going to be made, and every object before its first byte. */
  plan: Fenced<typeof planRun>
  /** Records that the verified bytes lie where no client can write. */
  storeOriginal: Fenced<typeof storeOriginal>
  /** Publishes one variant. */
  publish: Fenced<typeof publishVariant>
  /** Records that one variant could not be made. */
  failVariant(name: string, error: ResourceError): Promise<void>
  /** Says how far it is. */
  noteProgress: Fenced<typeof noteProgress>
  /** Says which bytes its job works on. */
  setSource(sha256: string): Promise<void>
  /** Records what the bytes are, where that is not what was declared. */
  adoptDetectedType: Fenced<typeof adoptDetectedType>
  /** Ends a run that made what it had to, with its asset. */
  settle: Fenced<typeof completeRun>
  /** Records the object that an import is going to write, before its first byte. */
  reserveImport: Fenced<typeof reserveImport>
  /** Ends an import: from here on its bytes are an upload that was confirmed. */
  completeImport: Fenced<typeof completeImport>
  /** Records where every file is going to be in another bucket. */
  planMove: Fenced<typeof planMove>
  /** Ends a move: publishes the copies. */
  finishMove: Fenced<typeof finishMove>
  /** Ends its job as succeeded, with whatever `write` does, in one commit. */
  succeed(end: RunEnd, write: (tx: Tx) => Promise<void>): Promise<void>
}

/**
 * One run of a job: what was claimed, where it may put files, the signal at which it must stop, and what it can write. Nobody
 * changes it: what a run makes is its result, and what it finds out goes into its findings.
 */
export interface Run extends ClaimedJob, Readonly<RunWrites> {
  /** A folder of this run's own, which is removed at its end. */
  readonly workDir: string
  readonly signal: AbortSignal
  /** Names of the variants that an earlier attempt at its job made, and that are published. */
  variantsMade(): Promise<Set<string>>
}

/** Makes the run of a claimed job: binds its writes to its lease. */
export function createRun(db: Database, claimed: ClaimedJob, place: Pick<Run, 'workDir' | 'signal'>): Run {
  const { lease } = claimed
  return {
    ...claimed,
    ...place,
    variantsMade: () => variantsMadeByJob(db, lease),
    plan: plan => planRun(db, lease, plan),
    storeOriginal: stored => storeOriginal(db, lease, stored),
    publish: (written, known) => publishVariant(db, lease, written, known),
    failVariant: (name, error) => fenced(db, lease, tx => failVariant(tx, lease, name, error)),
    noteProgress: (progress, stage) => noteProgress(db, lease, progress, stage),
    setSource: sha256 => fenced(db, lease, tx => setJobSource(tx, lease.jobId, sha256)),
    adoptDetectedType: detected => adoptDetectedType(db, lease, detected),
    settle: made => completeRun(db, lease, made),
    reserveImport: target => reserveImport(db, lease, target),
    completeImport: (bytes, end) => completeImport(db, lease, bytes, end),
    planMove: move => planMove(db, lease, move),
    finishMove: (moved, end) => finishMove(db, lease, moved, end),
    succeed: (end, write) =>
      fenced(db, lease, async tx => {
        await write(tx)
        await endJob(tx, lease, 'succeeded', end)
      }),
  }
}
