import type { AssetStatus, JobStatus, VariantStatus } from '@darkroom/contracts'
import { type SQL, sql } from 'drizzle-orm'

// The only guard of status changes: no other file writes a status of an asset, an upload, a job or a variant, and none says
// from which one another may be reached. scripts/status-writes.test.ts refuses both.

/** For each status, those from which it may be reached. */
type ReachedFrom<Status extends string> = Readonly<Record<Status, readonly Status[]>>

const ASSETS: ReachedFrom<AssetStatus> = {
  awaiting_upload: [],
  processing: ['awaiting_upload', 'failed'],
  ready: ['processing', 'partial', 'failed'],
  partial: ['processing', 'ready', 'failed'],
  failed: ['processing'],
  expired: ['awaiting_upload'],
  deleting: ['awaiting_upload', 'processing', 'ready', 'partial', 'failed', 'expired'],
  deleted: ['deleting'],
}

const JOBS: ReachedFrom<JobStatus> = {
  queued: ['running', 'failed', 'cancelled'],
  running: ['queued', 'running'],
  succeeded: ['running'],
  failed: ['running'],
  cancelled: ['queued', 'running'],
}

const VARIANTS: ReachedFrom<VariantStatus> = {
  // What is published stays so until its successor is.
  pending: ['pending', 'failed', 'skipped'],
  skipped: ['pending', 'failed', 'skipped'],
  ready: ['pending', 'ready'],
  // Of a published one the file is lost, or was dropped with the asset.
  failed: ['pending', 'ready', 'skipped', 'failed'],
}

/** A change of status, as parts of one statement. */
export interface Transition<Values> {
  /** `status = …`, for the SET of a statement in SQL. */
  readonly assignment: SQL
  /** The same, for drizzle's `.set()`. */
  readonly values: Values
  /** For the WHERE of the same statement: whether the row is in a status from which this one may be reached. */
  readonly guard: SQL
}

/** Changes of the status in one table. The parts name the table, so the statement must not give it an alias. */
function transitionsIn<Status extends string>(table: 'assets' | 'jobs' | 'variants', reachedFrom: ReachedFrom<Status>) {
  const column = sql.raw(`${table}.status`)
  // No parameters: a plan that is made once would not use an index of the rows of some status.
  const literal = (status: Status): SQL => sql.raw(`'${status}'`)

  const guardOf = (to: Status, { mayStay }: { mayStay: boolean }): SQL => {
    const from = mayStay ? [...reachedFrom[to], to] : reachedFrom[to]
    return from.length === 0 ? sql`false` : sql`${column} IN (${sql.join(from.map(literal), sql`, `)})`
  }
  const valueWhere = (to: Status, condition: SQL): SQL<Status> =>
    sql`CASE WHEN ${guardOf(to, { mayStay: false })} AND (${condition}) THEN ${literal(to)} ELSE ${column} END`

  return {
    /** Gives every row that the statement changes a status. With `mayStay` also to rows that have it already. */
    to: (status: Status, { mayStay = false } = {}): Transition<{ status: Status }> => ({
      assignment: sql`status = ${literal(status)}`,
      values: { status },
      guard: guardOf(status, { mayStay }),
    }),

    /** Gives a row the one status where the condition holds and else the other; it may have that already. */
    toEither: (condition: SQL, one: Status, other: Status): Omit<Transition<never>, 'values'> => ({
      assignment: sql`status = CASE WHEN ${condition} THEN ${literal(one)} ELSE ${literal(other)} END`,
      guard: sql`CASE WHEN ${condition} THEN ${guardOf(one, { mayStay: true })} ELSE ${guardOf(other, { mayStay: true })} END`,
    }),

    /** Assigns a status where it may be reached and the condition holds, and leaves it else: needs no guard in the WHERE. */
    assignWhere: (status: Status, condition: SQL = sql`true`): SQL => sql`status = ${valueWhere(status, condition)}`,

    /** The same, for drizzle's `.set()`. */
    valuesWhere: (status: Status, condition: SQL = sql`true`) => ({ status: valueWhere(status, condition) }),
  }
}

export const assetStatus = transitionsIn('assets', ASSETS)
export const jobStatus = transitionsIn('jobs', JOBS)
export const variantStatus = transitionsIn('variants', VARIANTS)

const isOpen = sql`uploads.confirmed_at IS NULL AND uploads.aborted_at IS NULL`

/** An upload has no column for its status: it is open until one of two times is set. */
export const uploadStatus = {
  /** Its bytes arrived. */
  confirmed: { assignment: sql`confirmed_at = now()`, values: { confirmedAt: sql`now()` }, guard: isOpen },
  /** Nobody confirmed it. */
  aborted: { assignment: sql`aborted_at = now()`, values: { abortedAt: sql`now()` }, guard: isOpen },
  /** Its asset was deleted, also after it was confirmed. */
  abortedWithAsset: {
    assignment: sql`aborted_at = now()`,
    values: { abortedAt: sql`now()` },
    guard: sql`uploads.aborted_at IS NULL`,
  },
} satisfies Record<string, Transition<object>>
