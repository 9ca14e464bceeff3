import type { FaultBed } from './fault-bed.ts'
import type { Side } from './side-by-side.ts'

/** A fault that was found, and how a user would measure whether it is still there. */
export interface Fault {
  /** In issue 16. */
  row: number
  /** What was wrong, in the words of who sees it. */
  fault: string
  /** What it came to when it was found: issue 16 says so. */
  before: string
  /** What it should come to. */
  expected: string
  /** A file of tests that fails when it comes back, from the root of the repository. */
  test: string
  measure(bed: FaultBed): Promise<Found>
}

export interface Found {
  /** What it comes to now. */
  now: string
  isRight: boolean
  /** What a tool makes of the file alone, and what we make of it. */
  sides?: Side[]
}
