import { sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { isLiving } from '../jobs/workers.ts'
import { isOfOpenProject } from '../projects/closed-projects.ts'
import { type OrphanExample, orphanReports } from '../schema/samples.ts'

/**
 * Records how it is in this minute; a second one in the same minute takes the place of the first.
 * @param storeMs null when the store did not answer
 */
export async function recordSample(
  tx: Tx,
  { databaseMs, storeMs }: { databaseMs: number; storeMs: number | null },
): Promise<void> {
  await tx.execute(sql`
    INSERT INTO minute_samples (minute, queued, running, oldest_waiting_sec, database_ms, store_ms, bytes, objects, workers, load, memory)
    SELECT date_trunc('minute', now()),
      (SELECT count(*) FROM jobs WHERE status = 'queued'),
      (SELECT count(*) FROM jobs WHERE status = 'running'),
      (SELECT coalesce(extract(epoch FROM now() - min(available_at)), 0) FROM jobs
        WHERE status = 'queued' AND available_at <= now() AND (queue = 'system' OR ${isOfOpenProject})),
      ${databaseMs}::float8, ${storeMs}::float8,
      (SELECT coalesce(sum(bytes), 0) FROM usage_totals), (SELECT coalesce(sum(objects), 0) FROM usage_totals),
      count(*), max((load->>'load')::float8 / (load->>'cpus')::float8),
      max(1 - (load->>'freeBytes')::float8 / (load->>'totalBytes')::float8)
    FROM workers WHERE ${isLiving}
    ON CONFLICT (minute) DO UPDATE SET queued = excluded.queued, running = excluded.running,
      oldest_waiting_sec = excluded.oldest_waiting_sec, database_ms = excluded.database_ms, store_ms = excluded.store_ms,
      bytes = excluded.bytes, objects = excluded.objects, workers = excluded.workers, load = excluded.load,
      memory = excluded.memory`)
}

/** Records what projects have at the end of the day that it is (UTC), as it is now; of those for which it changed. */
export async function recordUsageDay(tx: Tx): Promise<void> {
  await tx.execute(sql`
    INSERT INTO usage_days (project_id, day, bytes, objects)
    SELECT project_id, (now() AT TIME ZONE 'UTC')::date, bytes, objects FROM usage_totals
    WHERE (bytes, objects) IS DISTINCT FROM (
      SELECT (latest.bytes, latest.objects) FROM (
        SELECT usage_days.bytes, usage_days.objects FROM usage_days
        WHERE usage_days.project_id = usage_totals.project_id ORDER BY day DESC LIMIT 1
      ) AS latest)
    ON CONFLICT (project_id, day) DO UPDATE SET bytes = excluded.bytes, objects = excluded.objects`)
}

/** Forgets samples of more than 30 days and usage of more than 400, at most `limit` rows of each. Returns how many. */
export async function deleteOldSamples(tx: Tx, limit: number): Promise<number> {
  const samples = await tx.execute(sql`
    DELETE FROM minute_samples WHERE minute IN (
      SELECT minute FROM minute_samples WHERE minute < now() - interval '30 days' ORDER BY minute LIMIT ${limit}
    ) RETURNING 1`)
  // The newest of a project stays: on later days nothing changed.
  const days = await tx.execute(sql`
    DELETE FROM usage_days WHERE ctid = ANY (ARRAY(
      SELECT old.ctid FROM usage_days AS old WHERE old.day < now() - interval '400 days' AND EXISTS (
        SELECT 1 FROM usage_days AS newer WHERE newer.project_id = old.project_id AND newer.day > old.day
      ) LIMIT ${limit}
    )) RETURNING 1`)
  return Math.max(samples.length, days.length)
}

/** Keeps what a comparison of rows and store found, in the place of what the last one did. */
export async function keepOrphanReport(
  tx: Tx,
  report: { counts: Record<string, number>; examples: OrphanExample[] },
): Promise<void> {
  const finishedAt = sql`now()`
  await tx
    .insert(orphanReports)
    .values(report)
    .onConflictDoUpdate({ target: orphanReports.id, set: { ...report, finishedAt } })
}

/** Returns what the last comparison found; null before the first. */
export async function readOrphanReport(tx: Tx): Promise<typeof orphanReports.$inferSelect | null> {
  const [row] = await tx.select().from(orphanReports)
  return row ?? null
}
