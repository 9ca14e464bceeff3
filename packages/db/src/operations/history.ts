import { sql } from 'drizzle-orm'
import { customPlan, type Tx } from '../client/client.ts'
import { uuidFrom } from '../client/uuids.ts'

export interface HistorySpan {
  from: Date
  to: Date
  bucketSec: number
}

export interface EndedRuns {
  at: number
  outcome: string
  code: string | null
  runs: number
}

export interface Latencies {
  at: number
  ready: number
  previewP50Ms: number | null
  previewP95Ms: number | null
  readyP50Ms: number | null
  readyP95Ms: number | null
}

export interface SampledBucket {
  at: number
  queued: number
  running: number
  oldestWaitingSec: number
  databaseMs: number
  storeMs: number | null
  storeFailed: number
  bytes: number
  objects: number
  workers: number
  load: number | null
  memory: number | null
}

/** Ids begin with the time; what began longer before the span than this is not in it. */
const MARGIN = sql.raw("interval '2 hours'")

/** In milliseconds since 1970. */
const bucketOf = (column: string, { from, bucketSec }: HistorySpan) =>
  sql`(extract(epoch FROM date_bin(make_interval(secs => ${bucketSec}::float8), ${sql.identifier(column)}, ${from.toISOString()}::timestamptz)) * 1000)::float8`

/** Counts the runs that ended in each interval, by outcome and code: one range of the primary key, which begins with the time. */
export async function endedRuns(tx: Tx, span: HistorySpan): Promise<EndedRuns[]> {
  const [from, to] = [span.from.toISOString(), span.to.toISOString()]
  return [
    ...(await tx.execute<EndedRuns & Record<string, unknown>>(sql`${customPlan}
      SELECT ${bucketOf('finished_at', span)} AS at, coalesce(outcome, 'done') AS outcome, error->>'code' AS code,
        count(*)::int AS runs
      FROM job_attempts
      WHERE id >= ${uuidFrom(sql`${from}::timestamptz - ${MARGIN}`)}
        AND finished_at >= ${from}::timestamptz AND finished_at < ${to}::timestamptz
      GROUP BY 1, 2, 3`)),
  ]
}

/** Reads how long assets took that became ready in each interval, of those that were created at most two hours before the span. */
export async function readLatencies(tx: Tx, span: HistorySpan): Promise<Latencies[]> {
  const [from, to] = [span.from.toISOString(), span.to.toISOString()]
  const percentile = (share: number, end: string) =>
    sql`percentile_cont(${share}::float8) WITHIN GROUP (
      ORDER BY (extract(epoch FROM ${sql.identifier(end)} - confirmed_at) * 1000)::float8)`
  return [
    ...(await tx.execute<Latencies & Record<string, unknown>>(sql`${customPlan}
      SELECT ${bucketOf('ready_at', span)} AS at, count(*)::int AS ready,
        ${percentile(0.5, 'first_preview_at')} AS "previewP50Ms", ${percentile(0.95, 'first_preview_at')} AS "previewP95Ms",
        ${percentile(0.5, 'ready_at')} AS "readyP50Ms", ${percentile(0.95, 'ready_at')} AS "readyP95Ms"
      FROM assets
      WHERE id >= ${uuidFrom(sql`${from}::timestamptz - ${MARGIN}`)} AND confirmed_at IS NOT NULL
        AND ready_at >= ${from}::timestamptz AND ready_at < ${to}::timestamptz
      GROUP BY 1`)),
  ]
}

/** Reads the samples of each interval: the worst of each, and what was stored in the end. */
export async function readSamples(tx: Tx, span: HistorySpan): Promise<SampledBucket[]> {
  return [
    ...(await tx.execute<SampledBucket & Record<string, unknown>>(sql`
      SELECT ${bucketOf('minute', span)} AS at, max(queued) AS queued, max(running) AS running,
        max(oldest_waiting_sec) AS "oldestWaitingSec", max(database_ms) AS "databaseMs", max(store_ms) AS "storeMs",
        (count(*) FILTER (WHERE store_ms IS NULL))::int AS "storeFailed",
        (array_agg(bytes ORDER BY minute DESC))[1]::float8 AS bytes,
        (array_agg(objects ORDER BY minute DESC))[1]::float8 AS objects,
        min(workers) AS workers, max(load) AS load, max(memory) AS memory
      FROM minute_samples WHERE minute >= ${span.from.toISOString()}::timestamptz AND minute < ${span.to.toISOString()}::timestamptz
      GROUP BY 1`)),
  ]
}
