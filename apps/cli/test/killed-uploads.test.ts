import { fork } from 'node:child_process'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createDarkroom } from '@darkroom/sdk/node'
import { isLongForm } from '@darkroom/testing/samples'
import { useResource } from '@darkroom/testing/use-resource'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { startCommand } from './harness.ts'
import { killWhileUploading } from './kill-while-uploading.ts'
import { watchMemory } from './memory-watch.ts'
import { makePatternedFile, sha256Of, sha256OfFile } from './patterned-file.ts'
import { startSeparateProcesses } from './separate-processes.ts'

const [BYTES, KILLS] = isLongForm ? [6_000_000_000, 20] : [40_000_000, 2]
/** Smaller in the short form, so that there is something between two kills. */
const PART_BYTES = isLongForm ? 16 * 1024 * 1024 : 5_000_000
/** Without it, a small file would be there before anybody can kill. */
const [LATENCY_MS, DELAY_MS] = isLongForm ? [0, 2000] : [20, 0]
const TEST_MS = isLongForm ? 3_600_000 : 240_000
const SWEEP_AFTER_SEC = 120
/** What may be garbage that waits to be collected; the file is sixty times as large. */
const MOST_GROWN_BYTES = 100_000_000

/** Gigabytes belong on a disk, also where the temporary folder is in memory. */
const onDisk = isLongForm ? { parent: '/var/tmp' } : {}
const bed = useResource(
  () => startSeparateProcesses({ ...onDisk, latencyMs: LATENCY_MS }),
  ({ close }) => close(),
)
const execute = async (query: ReturnType<typeof sql>) => [...(await bed.database.db.execute(query))]
const client = () => createDarkroom({ url: bed.url, key: bed.key })

/** Programs that upload a file; `home` is all that one run of them knows of those before. */
const PROGRAMS = {
  sdk: (path: string, home: string) => {
    const partSize = isLongForm ? [] : [`${PART_BYTES}`]
    return fork(join(import.meta.dirname, 'uploading-process.ts'), [bed.url, bed.key, home, path, ...partSize])
  },
  cli: (path: string, home: string) =>
    startCommand(['upload', path], { DARKROOM_URL: bed.url, DARKROOM_KEY: bed.key, XDG_STATE_HOME: home }),
} as const

/** The command line uses the SDK, and has no size of parts to set. */
const programs = isLongForm ? (['sdk', 'cli'] as const) : (['sdk'] as const)

async function arrivedParts(filename: string): Promise<number> {
  const [upload] = await execute(
    sql`SELECT uploads.id FROM uploads JOIN assets ON assets.id = asset_id WHERE filename = ${filename}`,
  )
  if (!upload) return 0
  const { parts } = await client().uploads.get(String(upload.id))
  return parts?.length ?? 0
}

/** Has processes done once what they do here, so that they have loaded the code of it. */
async function warmUp(): Promise<void> {
  const path = join(bed.folder, 'small.zip')
  await makePatternedFile(path, 2 * PART_BYTES)
  const { waitUntilReady } = await client().upload(path, { resume: false, partSize: PART_BYTES })
  await waitUntilReady()
}

async function hashOfOriginal(assetId: string): Promise<string> {
  const [original] = await execute(
    sql`SELECT bucket, key, version_id AS "versionId" FROM objects JOIN assets ON assets.original_object_id = objects.id WHERE assets.id = ${assetId}`,
  )
  const { bucket, key, versionId } = original as { bucket: string; key: string; versionId: string }
  return sha256Of((await bed.store.get({ bucket, key, versionId })).body)
}

it.each(programs)(
  'a file that is uploaded by a program (%s) which is killed over it arrives whole and once, and is promoted, in little memory',
  async program => {
    const worker = await bed.startWorker({ sweepAfterSec: SWEEP_AFTER_SEC })
    await warmUp()
    const filename = `${program}.zip`
    const [path, home] = [join(bed.folder, filename), join(bed.folder, `home-of-${program}`)]
    await makePatternedFile(path, BYTES)
    await mkdir(home)
    const began = performance.now()
    const grown = { api: watchMemory(bed.api), worker: watchMemory(worker) }
    const killedAt = await killWhileUploading({
      kills: KILLS,
      seed: 19,
      parts: Math.ceil(BYTES / PART_BYTES),
      delayMs: DELAY_MS,
      timeoutMs: TEST_MS,
      start: () => PROGRAMS[program](path, home),
      arrivedParts: () => arrivedParts(filename),
    })
    const uploadedMs = performance.now() - began

    const assets = () =>
      execute(sql`
      SELECT id, status, byte_size::bigint::text AS bytes,
        (SELECT count(*)::int FROM uploads WHERE asset_id = assets.id AND confirmed_at IS NOT NULL) AS uploads,
        (SELECT count(*)::int FROM jobs WHERE asset_id = assets.id) AS jobs,
        (SELECT count(*)::int FROM events WHERE asset_id = assets.id AND type = 'asset.processing') AS confirmed,
        (SELECT count(*)::int FROM events WHERE asset_id = assets.id AND type = 'asset.ready') AS ready
      FROM assets WHERE filename = ${filename}`)
    await expect.poll(assets, { timeout: TEST_MS, interval: 500 }).toMatchObject([{ status: 'ready' }])
    const readyMs = performance.now() - began
    const bytes = { api: grown.api(), worker: grown.worker() }
    const [asset] = await assets()
    expect(asset).toMatchObject({ bytes: `${(await stat(path)).size}`, uploads: 1, jobs: 1, confirmed: 1, ready: 1 })
    expect(await hashOfOriginal(String(asset?.id))).toBe(await sha256OfFile(path))
    if (isLongForm) console.log(JSON.stringify({ program, killedAt, uploadedMs, readyMs, grownBytes: bytes }))
    expect(bytes.api).toBeLessThan(MOST_GROWN_BYTES)
    expect(bytes.worker).toBeLessThan(MOST_GROWN_BYTES)
    await worker.stop()
  },
  TEST_MS,
)
