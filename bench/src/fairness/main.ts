import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Asset } from '@darkroom/contracts'
import { silentLogger } from '@darkroom/core'
import { startLocalPostgres } from '@darkroom/local-postgres'
import { sendOneByOne } from '../checks/idle-previews.ts'
import { createClient } from '../darkroom/contract.ts'
import { createKey } from '../darkroom/create-key.ts'
import { startDarkroomProcess } from '../darkroom/darkroom-process.ts'
import { startPool } from '../measure/media-pool.ts'
import { percentile } from '../measure/statistics.ts'
import { findFiles } from '../photos/find-files.ts'
import { planPhotos } from '../photos/plan-photos.ts'
import { say } from '../progress.ts'
import { cloneJobs, confirmReal } from './backlog.ts'
import { photosBehindVideos } from './behind-videos.ts'

// How long a single upload of one project takes while another project has videos on every media process, and then while it has
// 100,000 jobs waiting, beside what it takes on an idle installation: the same photo, one upload at a time, from confirm to ready
// by the database's clock.

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '100000' },
    probes: { type: 'string', default: '30' },
    photos: { type: 'string' },
    'video-seconds': { type: 'string', default: '60' },
  },
})
const jobs = Number(values.jobs)
const probes = Number(values.probes)
/** Jobs that really run meanwhile; more than are done in that time. */
const REAL_JOBS = Math.min(jobs, probes * 12)

const latencyMs = ({ confirmedAt, readyAt }: Asset) => Date.parse(readyAt ?? '') - Date.parse(confirmedAt ?? '')
const describe = (name: string, assets: Asset[]) => {
  const times = assets.map(latencyMs)
  const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)]
  console.log(`${name.padEnd(34)} p50 ${Math.round(p50)} ms   p95 ${Math.round(p95)} ms   n ${times.length}`)
  return { p50, p95 }
}

async function onePhoto(folder: string | null, tempDir: string) {
  const pool = await startPool(tempDir)
  try {
    const files = (await findFiles(folder, tempDir)).slice(0, 1)
    const [photo] = await planPhotos(files, pool, join(tempDir, 'plan'))
    if (!photo) throw new Error('there is no photo')
    return photo
  } finally {
    await pool.close()
  }
}

async function run(opened: AsyncDisposableStack): Promise<void> {
  const tempDir = await mkdtemp(join(tmpdir(), 'darkroom-fairness-'))
  opened.defer(() => rm(tempDir, { recursive: true, force: true }))
  const database = await startLocalPostgres({
    dataDir: join(tempDir, 'postgres'),
    logger: silentLogger,
    onUnexpectedEnd: () => process.exit(1),
  })
  opened.defer(() => database.stop())
  const env = { DATABASE_URL: database.url }
  const [probeKey, backlogKey] = [await createKey(env, 'probe'), await createKey(env, 'backlog')]
  const darkroom = await startDarkroomProcess(join(tempDir, 'darkroom'), env)
  opened.defer(() => darkroom.close())
  const photo = await onePhoto(values.photos ?? null, tempDir)

  const probe = createClient(darkroom.url, probeKey)
  const photos = Array.from({ length: probes }, () => photo)
  say('idle')
  await sendOneByOne(probe, photos.slice(0, 3))
  const idle = describe('idle', await sendOneByOne(probe, photos))
  const seconds = Number(values['video-seconds'])
  const backlogged = createClient(darkroom.url, backlogKey)
  if (seconds > 0) await behindVideos({ photos: probe, videos: backlogged }, { photos, seconds, folder: tempDir }, idle)
  say(`a backlog of ${jobs} jobs`)
  await confirmReal(backlogged, photo, REAL_JOBS)
  const waiting = await cloneJobs(database.url, 'backlog', Math.max(0, jobs - REAL_JOBS))
  const loaded = describe(`${waiting} jobs of another waiting`, await sendOneByOne(probe, photos))
  console.log(
    `p95 ${(loaded.p95 / idle.p95).toFixed(2)} x idle, p50 ${(loaded.p50 / idle.p50).toFixed(2)} x idle (target: p95 under 2)`,
  )
}

async function behindVideos(
  clients: Parameters<typeof photosBehindVideos>[0],
  input: Parameters<typeof photosBehindVideos>[1],
  idle: { p50: number },
): Promise<void> {
  say(`videos of ${input.seconds} s, 1080p`)
  const { photos, videos, first } = await photosBehindVideos(clients, { ...input, photos: input.photos.slice(0, 5) })
  const { p50 } = describe(`behind ${videos.length} videos of another`, photos)
  const ofVideos = videos.map(video => `${Math.round(latencyMs(video) / 1000)} s`).join(', ')
  console.log(
    `p50 ${(p50 / idle.p50).toFixed(2)} x idle; ${first} of ${photos.length} photos were ready before a video was; videos ${ofVideos}`,
  )
}

const opened = new AsyncDisposableStack()
try {
  await run(opened)
} finally {
  await opened.disposeAsync()
}
