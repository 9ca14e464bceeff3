import type { Tx } from '@darkroom/db/client'
import { sql } from 'drizzle-orm'

/** Builds a UUIDv7 of a past second, unique by `n` and by the kind of row. */
const uuid = (kind: number) =>
  sql.raw(`(lpad(to_hex((extract(epoch FROM now() - interval '90 days') * 1000)::bigint + n * 1000), 12, '0')
    || '7' || lpad(to_hex(${kind}), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid`)

/** Draws a number from 0 to 99: the same for the same `n`, and another one for each kind. */
const draw = (kind: number) => sql.raw(`abs(hashint4(n # (${kind} << 24)) % 100)`)

/**
 * Inserts jobs as an installation has them after a while, each with its asset, upload and source. Of a hundred 95
 * succeeded, 3 failed, one is cancelled and one waits; two of a hundred are deletions, ten are of videos. They are
 * spread over ten projects, one of which has nearly half.
 */
export async function insertManyJobs(tx: Tx, presetId: string, jobCount: number): Promise<void> {
  await tx.execute(sql`
    INSERT INTO projects (id, name) SELECT ${uuid(9)}, 'many-' || n FROM generate_series(1, 10) AS n`)
  await tx.execute(sql`
    CREATE TEMPORARY TABLE many ON COMMIT DROP AS
    SELECT n, ${uuid(1)} AS job_id, ${uuid(2)} AS asset_id, ${uuid(3)} AS object_id, ${uuid(4)} AS upload_id,
      now() - interval '90 days' + n * interval '1 second' AS created_at,
      (SELECT array_agg(id ORDER BY id) FROM projects WHERE name LIKE 'many-%')[
        CASE WHEN ${draw(1)} < 46 THEN 1 ELSE 2 + ${draw(1)} % 9 END] AS project_id,
      CASE WHEN ${draw(2)} < 2 THEN 'asset.delete' ELSE 'asset.process' END AS name,
      CASE WHEN ${draw(3)} < 3 THEN 'failed' WHEN ${draw(3)} < 4 THEN 'cancelled' WHEN ${draw(3)} < 5 THEN 'queued'
        ELSE 'succeeded' END AS status,
      ${draw(4)} < 10 AS is_video, ${draw(5)} < 10 AS is_retry,
      (ARRAY['CORRUPT_FILE', 'STORE_UNAVAILABLE', 'TIMEOUT'])[1 + ${draw(6)} % 3] AS code
    FROM generate_series(1, ${jobCount}::int) AS n`)
  await tx.execute(sql`
    INSERT INTO assets (id, project_id, preset_id, filename, content_type, byte_size, status, created_at, confirmed_at)
    SELECT asset_id, project_id, ${presetId}::uuid, 'photo-' || n || '.jpg', 'image/jpeg', 1000000,
      CASE WHEN status IN ('failed', 'cancelled') THEN 'failed' WHEN status = 'queued' THEN 'processing' ELSE 'ready' END,
      created_at, created_at FROM many`)
  await tx.execute(sql`
    INSERT INTO objects (id, project_id, asset_id, bucket, key, state, bytes)
    SELECT object_id, project_id, asset_id, 'private', 'uploads/' || object_id, 'live', 1000000 FROM many`)
  await tx.execute(sql`
    INSERT INTO uploads (id, project_id, asset_id, object_id, content_type, byte_size, presign_expires_at, expires_at, confirmed_at)
    SELECT upload_id, project_id, asset_id, object_id, 'image/jpeg', 1000000, created_at, created_at, created_at FROM many`)
  await tx.execute(sql`
    INSERT INTO jobs (id, project_id, asset_id, name, queue, lane, status, generation, attempt, available_at, created_at, finished_at, error)
    SELECT job_id, project_id, asset_id, name,
      CASE WHEN name = 'asset.delete' THEN 'system' WHEN is_video THEN 'video' ELSE 'image' END,
      CASE WHEN is_retry THEN 'retry' ELSE 'interactive' END,
      status, 1, CASE WHEN status = 'queued' THEN 0 ELSE 1 END, created_at, created_at,
      CASE WHEN status <> 'queued' THEN created_at + interval '1 second' END,
      CASE WHEN status = 'failed' THEN jsonb_build_object('code', code, 'message', 'it did not work', 'retryable', false) END
    FROM many`)
}
