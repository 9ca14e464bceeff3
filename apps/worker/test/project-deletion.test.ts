import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { newId } from '@darkroom/core'
import { findAssetWithin } from '@darkroom/db/assets'
import {
  findProjectDeletion,
  requestProjectDeletion,
  restoreProject,
  startDeletion,
  takeDown,
} from '@darkroom/db/deletion'
import { createPresetVersion } from '@darkroom/db/presets'
import { ensureProject, findProject, insertApiKey, readUsage } from '@darkroom/db/projects'
import { prefixesOf, uploadKey, variantKey } from '@darkroom/storage'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Bed,
  CRASHING_WORKER,
  deliver,
  eventually,
  jobOf,
  missingVersions,
  PRIVATE_BUCKET,
  PUBLIC_BUCKET,
  SMALL_PNG,
  sha256,
  startBed,
  strayVersions,
  untilStatus,
  uploaded,
} from './harness.ts'

let bed: Bed
const children = new Set<ChildProcess>()
beforeEach(async () => {
  bed = await startBed()
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  await bed.close()
})

const execute = <T extends Record<string, unknown>>(query: ReturnType<typeof sql>) => bed.database.db.execute<T>(query)
/** Four processes, one after the other, on a machine that has others. */
const KILLED_MS = 300_000

const png = { contentType: 'image/png' }

/** The same bed, for another project. */
async function tenant(name: string): Promise<Bed> {
  const { id } = await ensureProject(bed.database.db, name)
  return { ...bed, projectId: id }
}

const asset = async (own: Bed, externalId: string) => {
  const made = await uploaded(own, SMALL_PNG, png)
  await execute(
    sql`UPDATE assets SET external_id = ${externalId}, tags = '{furniture}', folder = 'of/rooms' WHERE id = ${made.asset.id}`,
  )
  return made.asset.id
}

/** Something in every table that a project can have rows in. */
async function furnish(own: Bed): Promise<string[]> {
  const { projectId: id } = own
  const { db } = bed.database
  const [first = '', second = '', third = '', fourth = ''] = [
    await asset(own, 'one'),
    await asset(own, 'two'),
    await asset(own, 'three'),
    await asset(own, 'four'),
  ]
  for (const each of [first, second, third, fourth]) await untilStatus(own, each, 'ready')
  // Delivered and never confirmed; in parts and never put together; taken down here, and everywhere.
  const { upload } = await deliver(own, SMALL_PNG, png)
  const parts = { bucket: PRIVATE_BUCKET, key: uploadKey(id, upload.assetId) }
  await bed.store.createMultipartUpload({ ...parts, contentType: 'image/png' })
  for (const [assetId, isEverywhere] of [
    [second, false],
    [third, true],
  ] as const) {
    const found = await findAssetWithin(db, id, assetId)
    if (found) await db.transaction(tx => takeDown(tx, { asset: found, isEverywhere, reason: 'test' }))
  }
  await db.transaction(tx => startDeletion(tx, fourth))
  // Of no row: as after a second PUT whose answer was lost.
  const stray = { bucket: PUBLIC_BUCKET, key: variantKey(id, first, 'webp') }
  await bed.store.put({ ...stray, body: SMALL_PNG, byteSize: SMALL_PNG.length, contentType: 'image/webp' })

  const definition = { image: { variants: [] } }
  const { preset } = await db.transaction(tx => createPresetVersion(tx, { projectId: id, name: 'own', definition }))
  await execute(sql`UPDATE assets SET preset_id = ${preset.id} WHERE id = ${first}`)
  await insertApiKey(db, { projectId: id, shortId: `k${id.slice(-7)}`, hash: 'x', name: 'key', scopes: ['read'] })
  const endpoint = newId()
  const delivery = newId()
  const job = await jobOf(own, first)
  await execute(
    sql`INSERT INTO webhook_endpoints (id, project_id, url, description, secret) VALUES (${endpoint}, ${id}, 'https://example.com', '', 's')`,
  )
  await execute(
    sql`INSERT INTO webhook_deliveries (id, project_id, endpoint_id, type, body) VALUES (${delivery}, ${id}, ${endpoint}, 'ping', '{}')`,
  )
  await execute(
    sql`INSERT INTO webhook_attempts (id, delivery_id, attempt, started_at, duration_ms) VALUES (${newId()}, ${delivery}, 1, now(), 1)`,
  )
  const backfill = newId()
  await execute(
    sql`INSERT INTO backfills (id, project_id, preset_id, filter, status, canary, last_asset_id, total) VALUES (${backfill}, ${id}, ${preset.id}, '{}', 'paused', 0, ${first}, 1)`,
  )
  await execute(
    sql`INSERT INTO backfill_items (backfill_id, asset_id, job_id) VALUES (${backfill}, ${first}, ${job.id})`,
  )
  await execute(sql`INSERT INTO moves (project_id, finished_at) VALUES (${id}, now())`)
  await execute(sql`INSERT INTO lineage_cursors (project_id, xid, id) VALUES (${id}, '1', 1)`)
  await execute(
    sql`INSERT INTO quarantine (id, project_id, sha256, reason) VALUES (${newId()}, ${id}, ${`q${id}`}, 'test')`,
  )
  await execute(
    sql`INSERT INTO alarms (id, code, subject, message) VALUES (${newId()}, 'QUARANTINED', ${`q${id}`}, 'test'), (${newId()}, 'OBJECT_MISSING', ${first}, 'test')`,
  )
  await execute(
    sql`INSERT INTO imports (asset_id, project_id, shown_url) VALUES (${first}, ${id}, 'https://example.com/a.png')`,
  )
  const bucketImport = newId()
  await execute(
    sql`INSERT INTO bucket_imports (id, project_id, endpoint, bucket, prefix) VALUES (${bucketImport}, ${id}, 'https://s3.example.com', 'old', '')`,
  )
  await execute(
    sql`INSERT INTO bucket_import_objects (import_id, key, etag, asset_id) VALUES (${bucketImport}, 'a.png', 'e', ${first})`,
  )
  await execute(
    sql`INSERT INTO shares (id, project_id, asset_id, token_hash) VALUES (${newId()}, ${id}, ${first}, ${`t${id}`})`,
  )
  await execute(
    sql`INSERT INTO idempotency_keys (project_id, route, key, fingerprint, claim_token) VALUES (${id}, ${`POST /v1/assets/${first}/shares`}, 'k', 'f', ${newId()})`,
  )
  await execute(sql`INSERT INTO rate_windows (subject, count) VALUES (${`project:${id}`}, 1), (${`asset:${first}`}, 1)`)
  await execute(
    sql`INSERT INTO inbox (event_id, type, bucket, key, outcome) SELECT gen_random_uuid(), 'b2:ObjectCreated:Upload', bucket, key, 'confirmed' FROM objects WHERE project_id = ${id}`,
  )
  await execute(sql`INSERT INTO usage_totals (project_id) VALUES (${id}) ON CONFLICT DO NOTHING`)
  await execute(sql`INSERT INTO usage_deltas (project_id) VALUES (${id})`)
  await execute(
    sql`INSERT INTO folder_totals (project_id, parent, name, assets) VALUES (${id}, 'empty', 'room', 1) ON CONFLICT DO NOTHING`,
  )
  await execute(sql`INSERT INTO folder_deltas (project_id, folder, assets) VALUES (${id}, 'empty/room', -1)`)
  await execute(sql`INSERT INTO usage_days (project_id, day, bytes, objects) VALUES (${id}, current_date, 1, 1)`)
  await execute(
    sql`INSERT INTO archives (id, project_id, token_hash, name, asset_ids, expires_at) VALUES (${newId()}, ${id}, ${`z${id}`}, 'all', ARRAY[${first}]::uuid[], now())`,
  )
  // In the future, because a worker forgets what nobody waits for any more.
  await execute(
    sql`INSERT INTO preset_previews (id, project_id, asset_id, definition, created_at, finished_at) VALUES (${newId()}, ${id}, ${first}, '{}', now() + interval '1 hour', now())`,
  )
  await execute(
    sql`INSERT INTO audit_entries (id, key_id, is_operator, action, target_type, target, project_id, result) VALUES (${newId()}, 'k', true, 'takedownAsset', 'asset', ${first}, ${id}, 'done')`,
  )
  return [
    id,
    first,
    second,
    third,
    fourth,
    upload.assetId,
    preset.id,
    endpoint,
    delivery,
    backfill,
    bucketImport,
    job.id,
  ]
}

/** Rows of a project in each table that has a column for it. */
async function rowsOf(projectId: string): Promise<Record<string, number>> {
  const tables = await execute<{ name: string }>(sql`
    SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'project_id' ORDER BY 1`)
  const counts = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await execute<{ rows: number }>(
        sql`SELECT count(*)::int AS rows FROM ${sql.identifier(name)} WHERE project_id = ${projectId}`,
      )
      return [name, row?.rows ?? 0] as const
    }),
  )
  return Object.fromEntries(counts)
}

/** Each table that has one of these texts in a row. */
async function tablesNaming(texts: string[]): Promise<string[]> {
  const tables = await execute<{ name: string }>(
    sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const dump = JSON.stringify([...(await execute(sql`SELECT to_jsonb(t) AS row FROM ${sql.identifier(name)} t`))])
    if (texts.some(text => dump.includes(text))) found.push(name)
  }
  return found.toSorted()
}

/** Everything that either bucket has of a project: versions, markers, uploads in parts. */
async function storedOf(projectId: string): Promise<string[]> {
  const found: string[] = []
  for (const bucket of [PRIVATE_BUCKET, PUBLIC_BUCKET])
    for (const prefix of prefixesOf(projectId)) {
      for await (const { key } of bed.store.listVersions({ bucket, prefix })) found.push(key)
      for await (const { key } of bed.store.listMultipartUploads({ bucket, prefix })) found.push(key)
    }
  return found
}

/** Changes of usage and of folders are folded into the totals at any time. */
const FOLDED = ['usage_deltas', 'usage_totals', 'folder_deltas', 'folder_totals']

/** All that a project has. */
async function stateOf(projectId: string) {
  const rows = Object.entries(await rowsOf(projectId)).filter(([name]) => !FOLDED.includes(name))
  return { rows, stored: await storedOf(projectId), usage: await readUsage(bed.database.db, projectId) }
}

const close = (projectId: string, delayHours = 0) =>
  bed.database.db.transaction(tx =>
    requestProjectDeletion(tx, { id: projectId, by: 'operator', delayHours, defaultDelayHours: 168 }),
  )

/** As if what is waited for had come: second passes, jobs that sleep until them, the next round. */
async function expedite(projectId: string): Promise<void> {
  await execute(
    sql`UPDATE objects SET purge_until = now() - interval '1 s', purge_at = least(purge_at, now()) WHERE project_id = ${projectId} AND state = 'doomed' AND purge_at = purge_until`,
  )
  await execute(
    sql`UPDATE jobs SET available_at = now() WHERE project_id = ${projectId} AND status = 'queued' AND available_at > now()`,
  )
  await execute(sql`UPDATE project_deletions SET round_starts_at = now() WHERE project_id = ${projectId}`)
}

const isGone = async (projectId: string) => {
  await expedite(projectId)
  return (await findProject(bed.database.db, projectId))?.deletedAt != null
}
const untilGone = (projectId: string) =>
  expect.poll(() => isGone(projectId), { timeout: 90_000, interval: 200 }).toBe(true)

/** What stays: the row and its receipt, what admins did, and the takedown that protects everybody. */
const KEPT = { audit_entries: 1, project_deletions: 1, takedowns: 1 }
const zero = (rows: Record<string, number>) => Object.fromEntries(Object.keys(rows).map(name => [name, 0]))

describe('a project whose delay is over', () => {
  it('leaves no row, no version and no upload in parts, and nothing of another project is touched', async () => {
    const worker = await bed.startWorker()
    const [own, other] = [await tenant('leaving'), await tenant('staying')]
    const twin = await asset(other, 'one')
    await untilStatus(other, twin, 'ready')
    const ids = await furnish(own)
    const before = await rowsOf(own.projectId)
    // A table that is new has a row of its own in `furnish`. A worker may have folded the changes by now.
    const mayBeEmpty = ['project_deletions', ...FOLDED]
    expect(Object.entries(before).filter(([name, rows]) => rows === 0 && !mayBeEmpty.includes(name))).toEqual([])
    const uploadsOf = async (projectId: string) => (await storedOf(projectId)).filter(key => key.startsWith('uploads/'))
    // What was promoted is removed in its own time.
    await eventually(() => uploadsOf(other.projectId)).toEqual([])
    const stays = await stateOf(other.projectId)

    await close(own.projectId)
    await untilGone(own.projectId)
    expect(await rowsOf(own.projectId)).toEqual({ ...zero(before), ...KEPT })
    expect(await storedOf(own.projectId)).toEqual([])
    expect(await tablesNaming(ids)).toEqual(['audit_entries', 'project_deletions', 'projects', 'takedowns'])
    const [kept] = await execute(sql`SELECT sha256, is_everywhere FROM takedowns`)
    expect(kept).toEqual({ sha256: sha256(SMALL_PNG), is_everywhere: true })

    const receipt = await findProjectDeletion(bed.database.db, own.projectId)
    // Two whole assets, one of them an upload; what was deleted before is not counted again.
    expect(receipt).toMatchObject({ assets: 2, keys: 1, webhooks: 1, presets: 1, requestedBy: 'operator' })
    expect(receipt?.objects).toBeGreaterThan(3)
    expect(receipt?.bytes).toBeGreaterThan(SMALL_PNG.length)
    expect(receipt?.finishedAt).toBeInstanceOf(Date)

    expect(await stateOf(other.projectId)).toEqual(stays)
    await untilStatus(other, twin, 'ready')
    expect(await missingVersions(bed)).toEqual([])
    await worker.close()
    expect(await strayVersions(bed)).toEqual([])
  })

  it(
    'is deleted all the same by workers that are killed at every step',
    async () => {
      const worker = await bed.startWorker()
      const [own, other] = [await tenant('leaving'), await tenant('staying')]
      const twin = await asset(other, 'one')
      await untilStatus(other, twin, 'ready')
      await furnish(own)
      await worker.close()
      await close(own.projectId)

      const killedAt = async (point: string) => {
        const env = bed.env({ WORKER_GRACE_SEC: '0', DARKROOM_CRASHPOINT: point })
        const child = spawn(process.execPath, [CRASHING_WORKER], { env, stdio: 'ignore' })
        children.add(child)
        const exited = once(child, 'exit')
        const expediting = setInterval(() => void expedite(own.projectId).catch(() => undefined), 300)
        const [, signal] = await exited
        clearInterval(expediting)
        children.delete(child)
        expect(signal).toBe('SIGKILL')
      }
      const points = ['project.before-commit', 'project.after-commit:2', 'purge.after-delete']
      for (const point of points) {
        await killedAt(point)
        expect(await isGone(own.projectId)).toBe(false)
      }
      await bed.startWorker()
      await untilGone(own.projectId)
      expect(await rowsOf(own.projectId)).toMatchObject(KEPT)
      expect(Object.values(await rowsOf(own.projectId)).reduce((sum, rows) => sum + rows)).toBe(
        Object.keys(KEPT).length,
      )
      expect(await storedOf(own.projectId)).toEqual([])
      expect(await findProjectDeletion(bed.database.db, own.projectId)).toMatchObject({
        assets: 2,
        keys: 1,
        presets: 1,
      })
      await untilStatus(other, twin, 'ready')
      expect(await missingVersions(bed)).toEqual([])
    },
    KILLED_MS,
  )
})

describe('a project whose delay is not over', () => {
  it('has its work wait, and go on when it is restored', async () => {
    const [own, other] = [await tenant('leaving'), await tenant('staying')]
    const [waiting, theirs] = [await asset(own, 'one'), await asset(other, 'one')]
    const { upload: unwanted } = await deliver(own, SMALL_PNG, png)
    await close(own.projectId, 1)
    const worker = await bed.startWorker()
    await untilStatus(other, theirs, 'ready')
    // The deletion of an asset was promised, so it goes on.
    await bed.database.db.transaction(tx => startDeletion(tx, unwanted.assetId))
    await eventually(
      async () => (await findAssetWithin(bed.database.db, null, unwanted.assetId))?.purgedAt,
    ).toBeTruthy()
    expect(await jobOf(own, waiting)).toMatchObject({ status: 'queued', dispatchedAt: null, attempt: 0 })
    await bed.database.db.transaction(tx => restoreProject(tx, own.projectId))
    await untilStatus(own, waiting, 'ready')
    await worker.close()
    expect(await findProjectDeletion(bed.database.db, own.projectId)).toBeNull()
  })
})
