import { createDarkroom } from '@darkroom/sdk/node'
import { amount, isLongForm } from '@darkroom/testing/samples'
import { useResource } from '@darkroom/testing/use-resource'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { startSeparateProcesses } from './separate-processes.ts'
import { uniquePng } from './unique-png.ts'

// What uploads promise, of processes as they run in production: `npm run test:large` at full size.

const UPLOADS = amount(10, 1000)
const AT_ONCE = 10
const TEST_MS = isLongForm ? 3_600_000 : 240_000
/** No sweeper comes to a young upload. */
const NEVER_SEC = 1_000_000

const bed = useResource(
  () => startSeparateProcesses(),
  ({ close }) => close(),
)

/** Uploads a picture; says so when that is how it is to be confirmed, and otherwise is never heard of again. */
async function uploadPicture(way: string): Promise<string> {
  const darkroom = createDarkroom({ url: bed.url, key: bed.key })
  const bytes = uniquePng()
  const file = { filename: 'dot.png', contentType: 'image/png', tags: [way] }
  if (way === 'client') return (await darkroom.upload(bytes, { ...file, resume: false })).asset.id
  const { asset, upload } = await darkroom.uploads.create({ ...file, byteSize: bytes.length, multipart: false })
  if (upload.type !== 'single') throw new Error('it has parts')
  const { status } = await fetch(upload.url, { method: upload.method, headers: upload.headers, body: bytes })
  if (status !== 200) throw new Error(`the store answered ${status}`)
  return asset.id
}

async function uploadPictures(way: string): Promise<string[]> {
  const lane = async () => {
    const ids: string[] = []
    for (let n = 0; n < UPLOADS / AT_ONCE; n++) ids.push(await uploadPicture(way))
    return ids
  }
  return (await Promise.all(Array.from({ length: AT_ONCE }, lane))).flat().sort()
}

/** What has become of all assets of one way: how many jobs and events each has, and who confirmed it. */
const assetsOf = async (way: string) => [
  ...(await bed.database.db.execute(sql`
    SELECT id, status,
      (SELECT count(*)::int FROM uploads WHERE asset_id = assets.id) AS uploads,
      (SELECT count(*)::int FROM jobs WHERE asset_id = assets.id) AS jobs,
      (SELECT count(*)::int FROM events WHERE asset_id = assets.id AND type = 'asset.ready') AS ready,
      (SELECT string_agg(data->>'by', ' ') FROM events WHERE asset_id = assets.id AND type = 'asset.processing') AS "confirmedBy"
    FROM assets WHERE ${way} = ANY(tags) ORDER BY id`)),
]
const unsettled = async (way: string) => {
  const rows = await bed.database.db.execute(
    sql`SELECT count(*)::int AS n FROM assets WHERE ${way} = ANY(tags) AND status <> 'ready'`,
  )
  return rows[0]?.n
}

it.each([
  ['client', { sendsEvents: false, sweepAfterSec: NEVER_SEC }],
  ['event', { sendsEvents: true, sweepAfterSec: NEVER_SEC }],
  ['sweeper', { sendsEvents: false, sweepAfterSec: 1 }],
])(
  'every upload becomes ready exactly once where only the %s confirms',
  async (way, { sendsEvents, sweepAfterSec }) => {
    const began = performance.now()
    await bed.restartStore({ sendsEvents })
    const worker = await bed.startWorker({ sweepAfterSec })
    const ids = await uploadPictures(way)
    const uploadedMs = performance.now() - began
    await expect.poll(() => unsettled(way), { timeout: TEST_MS, interval: 200 }).toBe(0)
    if (isLongForm)
      console.log(`${way}: ${ids.length} uploads in ${uploadedMs} ms, ready after ${performance.now() - began} ms`)
    // Whoever would confirm for a second time has the time of another round of the sweeper, and of the events that are sent again.
    if (isLongForm) await new Promise(resolve => setTimeout(resolve, 15_000))
    await worker.stop()
    const once = { status: 'ready', uploads: 1, jobs: 1, ready: 1, confirmedBy: way }
    expect(await assetsOf(way)).toEqual(ids.map(id => ({ id, ...once })))
  },
  TEST_MS,
)
