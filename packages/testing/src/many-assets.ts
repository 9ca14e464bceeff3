import type { Sql } from 'postgres'

export interface ManyAssets {
  assets: number
  projects: number
}

/** The longest that a tag, a name or a folder of these rows spans, in days. */
const DAYS = 365

/** Builds a UUIDv7 of the moment at which row `n` was made, unique by `n` and by the kind of row. */
const uuid = (kind: number) =>
  `(lpad(to_hex((extract(epoch FROM made_at) * 1000)::bigint), 12, '0')
    || '7' || lpad(to_hex(${kind}), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid`

/** Draws a number from 0 to 999: the same for the same `n`, and another one for each kind. */
const draw = (kind: number) => `abs(hashint4(n # (${kind} << 24)) % 1000)`

/**
 * Inserts rows as installations have them after a year, with ids spread over it. Each project has the n-th part, with
 * what makes lists read far: names, tags and folders of old or new assets only, kinds that correlate with the size,
 * deleted assets. Indexes are created afterwards, which takes a tenth of the time. Nothing else may use the database
 * meanwhile.
 */
export async function insertManyAssets(sql: Sql, size: ManyAssets): Promise<void> {
  const indexes = await sql<{ name: string; definition: string }[]>`
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
    FROM pg_index LEFT JOIN pg_constraint ON conindid = indexrelid
    WHERE indrelid::regclass::text IN ${sql(FILLED)} AND pg_constraint.oid IS NULL`
  for (const { name } of indexes) await sql.unsafe(`DROP INDEX ${name}`)
  await insertRows(sql, size)
  for (const { definition } of indexes) await sql.unsafe(definition)
  await sql.unsafe('VACUUM ANALYZE')
}

const FILLED = ['assets', 'asset_tags', 'objects', 'variants', 'jobs', 'events', 'folder_deltas']

async function insertRows(sql: Sql, { assets, projects }: ManyAssets): Promise<void> {
  await sql.begin(async tx => {
    await tx.unsafe(`SET LOCAL session_replication_role = replica`)
    await tx.unsafe(`SET LOCAL synchronous_commit = off`)
    await tx.unsafe(`
      INSERT INTO projects (id, name)
      SELECT ${uuid(9)}, 'library-' || n FROM generate_series(1, ${projects}) AS n, (SELECT now() AS made_at) AS moment`)
    await tx.unsafe(`
      CREATE TEMPORARY TABLE drawn ON COMMIT DROP AS
      SELECT n, made_at, kind, status, ${uuid(1)} AS id, ids[1 + n % ${projects}] AS project_id, preset_id,
        n::float8 / ${assets} AS age, ${draw(5)} AS size, ${draw(6)} AS other
      FROM (SELECT array_agg(id ORDER BY name) AS ids FROM projects WHERE name LIKE 'library-%') AS owners,
        (SELECT id AS preset_id FROM presets WHERE name = 'default' ORDER BY version DESC LIMIT 1) AS preset,
        generate_series(1, ${assets}) AS n,
        LATERAL (SELECT now() - make_interval(secs => ${DAYS * 86_400} * (1 - n::float8 / ${assets})) AS made_at) AS moment,
        LATERAL (SELECT CASE WHEN ${draw(1)} < 800 THEN 'image' WHEN ${draw(1)} < 920 THEN 'video'
          WHEN ${draw(1)} < 970 THEN 'audio' ELSE 'document' END AS kind) AS kinds,
        LATERAL (SELECT CASE WHEN ${draw(2)} < 930 THEN 'ready' WHEN ${draw(2)} < 940 THEN 'partial' WHEN ${draw(2)} < 960 THEN 'failed'
          WHEN ${draw(2)} < 965 THEN 'processing' WHEN ${draw(2)} < 975 THEN 'awaiting_upload' WHEN ${draw(2)} < 979 THEN 'expired'
          WHEN ${draw(2)} < 980 THEN 'deleting' ELSE 'deleted' END AS status) AS statuses`)
    await tx.unsafe(`
      INSERT INTO assets (id, project_id, preset_id, external_id, status, generation, kind, filename, content_type, byte_size, sha256,
        folder, tags, metadata, width, height, facts, created_at, confirmed_at, ready_at, deleted_at, purged_at)
      SELECT id, project_id, preset_id, 'ext-' || n, status, 1,
        CASE WHEN status NOT IN ('awaiting_upload', 'expired') THEN kind END,
        CASE kind WHEN 'image' THEN CASE WHEN age < 0.5 THEN 'IMG_' ELSE 'PXL_' END WHEN 'video' THEN 'VID_'
          WHEN 'audio' THEN 'track ' ELSE 'scan-' END || lpad(n::text, 8, '0') || ' '
          || (ARRAY['beach', 'forest', 'city', 'portrait', 'wedding'])[1 + other % 5],
        kind || '/x', CASE kind WHEN 'video' THEN 50000000 WHEN 'audio' THEN 8000000 ELSE 1000000 END + size * 1000 + n % 1000,
        CASE WHEN other < 10 THEN repeat('5', 64) ELSE md5(n::text) || md5(n::text || 'x') END,
        CASE WHEN size < 300 THEN '' ELSE floor(age * 10)::int || '/album-' || floor(age * 10 + size * 100)::int % 5000 END,
        CASE WHEN other % 2 = 0 THEN ARRAY['all'] ELSE '{}'::text[] END
          || CASE WHEN age < 0.3 THEN ARRAY['archive'] ELSE '{}'::text[] END
          || CASE WHEN other % 10 = 3 THEN ARRAY['summer'] ELSE '{}'::text[] END
          || CASE WHEN n % 9973 = 0 THEN ARRAY['rare'] ELSE '{}'::text[] END || ARRAY['album-' || n / 2000],
        '{"shop": "north", "season": 4}', 4000, 3000,
        '{"orientation": 1, "frameCount": 1, "colorSpace": "srgb", "bitDepth": 8, "camera": {"make": "Apple", "model": "iPhone 15"}}',
        made_at, made_at, CASE WHEN status = 'ready' THEN made_at END,
        CASE WHEN status IN ('deleting', 'deleted') THEN now() END, CASE WHEN status = 'deleted' THEN now() END
      FROM drawn ORDER BY n`)
    await tx.unsafe(`
      INSERT INTO objects (id, project_id, asset_id, bucket, key, state, bytes)
      SELECT ${uuid(3)}, project_id, id, 'darkroom-public', 'variants/' || id || '/thumb.webp', 'live', 9000
      FROM drawn WHERE status = 'ready'`)
    await tx.unsafe(`
      INSERT INTO variants (id, project_id, asset_id, name, position, required, status, object_id, content_type, byte_size, width,
        height, fingerprint)
      SELECT ${uuid(4)}, project_id, id, 'thumb', 0, true, 'ready', ${uuid(3)}, 'image/webp', 9000, 320, 240, ''
      FROM drawn WHERE status = 'ready'`)
    await tx.unsafe(`
      INSERT INTO jobs (id, project_id, asset_id, name, queue, lane, status, generation, attempt, available_at, created_at,
        finished_at, error)
      SELECT ${uuid(2)}, project_id, id, CASE WHEN status IN ('deleting', 'deleted') THEN 'asset.delete' ELSE 'asset.process' END,
        CASE WHEN status IN ('deleting', 'deleted') THEN 'system' WHEN kind = 'image' THEN 'image' ELSE 'video' END,
        CASE WHEN other < 100 THEN 'retry' WHEN age < 0.2 THEN 'backfill' ELSE 'interactive' END, job_status, 1, 1, made_at, made_at,
        CASE WHEN job_status <> 'queued' THEN made_at END,
        CASE WHEN job_status = 'failed' THEN jsonb_build_object('code',
          (ARRAY['CORRUPT_FILE', 'STORE_UNAVAILABLE', 'TIMEOUT'])[1 + other % 3], 'message', 'it did not work', 'retryable', false) END
      FROM drawn, LATERAL (SELECT CASE status WHEN 'failed' THEN 'failed' WHEN 'processing' THEN 'queued' WHEN 'deleting' THEN 'queued'
        ELSE 'succeeded' END AS job_status) AS jobs_of
      WHERE status NOT IN ('awaiting_upload', 'expired')`)
    await tx.unsafe(`
      INSERT INTO events (project_id, asset_id, seq, type, created_at)
      SELECT project_id, id, 1, 'asset.created', made_at FROM drawn ORDER BY n`)
    // What triggers would have written.
    await tx.unsafe(`
      INSERT INTO asset_tags (project_id, tag, asset_id) SELECT project_id, unnest(tags), id FROM assets WHERE purged_at IS NULL`)
    await tx.unsafe(`
      INSERT INTO folder_deltas (project_id, folder, assets)
      SELECT project_id, folder, count(*) FROM assets WHERE deleted_at IS NULL AND folder <> '' GROUP BY 1, 2`)
  })
}
