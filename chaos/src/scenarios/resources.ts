import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { type Photo, photoOf } from '../client/photo.ts'
import { eventually } from '../eventually.ts'
import type { Random } from '../random.ts'
import { secondsToSettle, uploadPhotos } from './load.ts'
import type { Scenario } from './scenario.ts'

const DISK_KB = 2048
const UPLOADS = 4
const SEEN_MS = 30_000

/**
 * Returns a command that runs in its own mount namespace, so that the small disk disappears with the process and only
 * it sees the disk.
 */
const withSmallDisk = (folder: string): string[] => [
  ...['unshare', '--mount', '--', 'sh', '-c'],
  `mount -t tmpfs -o size=${DISK_KB}k chaos "$0" && exec "$@"`,
  folder,
]

const canMount = (): string | null => {
  const [command = '', ...args] = withSmallDisk('/mnt')
  const { status } = spawnSync(command, [...args, 'true'])
  return status === 0 ? null : 'needs the right to mount a tmpfs in a namespace (root)'
}

const diskFull: Scenario = {
  number: 28,
  name: 'disk of the worker is full',
  fault: 'ENOSPC in the folder where runs keep their files',
  expected: 'jobs are tried later, with the code NO_SPACE; the worker lives, and its files are removed',
  figure: 's from the moment there is space until all is settled',
  whyNot: canMount,
  async run(context, round) {
    const { deployment } = context
    const { processes, tempDir, sql } = deployment
    await Promise.all(processes.alive('worker').map(worker => worker.kill()))
    const worker = await processes.start('worker', { wrapper: withSmallDisk(tempDir) })
    // The disk of the worker as it sees it; its heartbeat needs the last block.
    const filler = join(`/proc/${worker.pid}/root`, tempDir, 'filler')
    await eventually('the disk is mounted', () => hasMount(worker.pid, tempDir), Boolean, { withinMs: SEEN_MS })
    await fillDisk(filler)
    const [before] = await sql<
      { count: number }[]
    >`SELECT count(*)::int AS count FROM job_attempts WHERE error->>'code' = 'NO_SPACE'`
    try {
      await uploadPhotos(context, round, UPLOADS)
      await eventually(
        'jobs fail with NO_SPACE',
        async () => {
          const [row] = await sql<
            { count: number }[]
          >`SELECT count(*)::int AS count FROM job_attempts WHERE error->>'code' = 'NO_SPACE'`
          return (row?.count ?? 0) - (before?.count ?? 0)
        },
        count => count >= UPLOADS,
        { withinMs: context.timing.settleMs },
      )
    } finally {
      await rm(filler)
    }
    const took = await secondsToSettle(context, performance.now())
    round.expect(worker.exit === null, 'worker', 'died of a full disk')
    await worker.stop()
    return [took]
  },
}

const hasMount = (pid: number, folder: string): boolean =>
  readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(` ${folder} `)

/** @throws what else than ENOSPC went wrong */
async function fillDisk(filler: string): Promise<void> {
  try {
    await writeFile(filler, Buffer.alloc(2 * DISK_KB * 1024))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  }
}

const LIMIT_MB = 256
const SIDE = 9000

/**
 * Makes an interlaced image, which must be decoded completely before anything is made of it: 240 MB of pixels in 300
 * kB.
 */
async function makeHungryPhoto(random: Random): Promise<Photo> {
  const background = { r: random.int(0, 255), g: random.int(0, 255), b: random.int(0, 255) }
  const image = sharp({ create: { width: SIDE, height: SIDE, channels: 3, background } })
  return photoOf(
    new Uint8Array(await image.png({ progressive: true, compressionLevel: 9 }).toBuffer()),
    'image/png',
    'red',
  )
}

const tooHungry: Scenario = {
  number: 29,
  name: 'media process needs too much memory',
  fault: `an image that takes more memory to decode than the ${LIMIT_MB} MB that a media process may use`,
  expected: 'it ends with RESOURCE_LIMIT; the worker lives, and others are not held up',
  figure: 's until the hungry one and its neighbours are settled',
  env: { MAX_MEDIA_MEMORY_MB: `${LIMIT_MB}` },
  allows: ['RESOURCE_LIMIT'],
  async run(context, round) {
    const { client, timing } = context
    const began = performance.now()
    const [hungry] = await Promise.all([
      makeHungryPhoto(round.random).then(photo => client.upload(photo)),
      uploadPhotos(context, round, UPLOADS),
    ])
    const asset = await client.settled(hungry.asset.id, timing.settleMs)
    const code = asset?.error?.code
    round.expect(code === 'RESOURCE_LIMIT', `asset ${hungry.asset.id}`, `is ${asset?.status} with ${code}`)
    return [await secondsToSettle(context, began)]
  },
}

export const resources: readonly Scenario[] = [diskFull, tooHungry]
