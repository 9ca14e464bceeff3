import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf } from '@darkroom/testing'
import { makePhoto } from '../client/photo.ts'
import type { Universe } from '../world/universe.ts'
import { later, secondsSince, uploadPhotos } from './load.ts'
import type { Scenario } from './scenario.ts'

const MEDIA_SCRIPT = 'sandbox/child.ts'
const LOOK_EVERY_MS = 5
const NEIGHBOURS = 8

/** What is there, or nothing of what just went. */
function fromProc<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}

/** The worker in whose temporary folder a run has its own; null while none has. */
function workerOf(tempDir: string, leaseToken: string): number | null {
  const folder = readdirSync(tempDir).find(name => existsSync(join(tempDir, name, leaseToken)))
  return folder === undefined ? null : Number(/-(\d+)$/.exec(folder)?.[1])
}

const SOURCE_FILE = '/source'

/** Whether a process has the file of its job open: before anything is made of it, so that no retry gets further than the last. */
const isReading = (pid: number): boolean =>
  fromProc(() => readdirSync(`/proc/${pid}/fd`), []).some(handle =>
    fromProc(() => readlinkSync(`/proc/${pid}/fd/${handle}`), '').endsWith(SOURCE_FILE),
  )

/** Those that decode, without what wraps them. */
const mediaProcessesOf = (worker: number): number[] =>
  childrenOf(worker).filter(pid => {
    const command = fromProc(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '')
    return command.includes(MEDIA_SCRIPT) && !/unshare|bwrap/.test(command)
  })

/** Kills whatever decodes the file of this asset, again and again, as a file that crashes its decoder would. */
function startPoison({ sql, tempDir }: Universe, assetId: string): { kills(): number; stop(): Promise<void> } {
  let kills = 0
  let isOver = false
  let killed: string | null = null
  const loop = async () => {
    while (!isOver) {
      const [job] = await sql<{ lease_token: string | null }[]>`
        SELECT lease_token FROM jobs WHERE asset_id = ${assetId} AND status = 'running'`
      const leaseToken = job?.lease_token ?? null
      const worker = leaseToken === null ? null : workerOf(tempDir, leaseToken)
      const caught = worker === null || leaseToken === killed ? [] : mediaProcessesOf(worker).filter(isReading)
      if (caught.length > 0) {
        killed = leaseToken
        kills += 1
        // One that just went takes nothing with it.
        for (const pid of caught) fromProc(() => process.kill(pid, 'SIGKILL'), false)
      }
      await sleep(LOOK_EVERY_MS)
    }
  }
  const looping = later(loop())
  return {
    kills: () => kills,
    async stop() {
      isOver = true
      await looping
    },
  }
}

const MOST_KILLS = 6

const poison: Scenario = {
  number: 14,
  name: 'file that kills its decoder',
  fault: 'the media process is killed whenever it works on one certain file, while others are uploaded beside it',
  expected: 'the content is quarantined after a few crashes; the worker lives, and all the others become ready',
  figure: 's until it was given up',
  workers: 2,
  allows: ['QUARANTINED', 'WORKER_CRASHED'],
  async run(world, round) {
    const { client, universe, timing } = world
    const began = performance.now()
    // Large enough to be caught at while it is read.
    const started = await client.start(await makePhoto(round.random, { width: 6000, height: 4500 }))
    const killer = startPoison(universe, started.asset.id)
    try {
      await client.put(started)
      await client.confirm(started)
      await uploadPhotos(world, round, NEIGHBOURS)
      const asset = await client.settled(started.asset.id, timing.settleMs)
      const took = secondsSince(began)
      round.note('crashes before it was given up', killer.kills())
      round.expect(killer.kills() > 0, 'poison', 'no media process was caught at it')
      round.expect(killer.kills() <= MOST_KILLS, 'poison', `it could crash ${killer.kills()} processes`)
      const code = asset?.error?.code
      round.expect(code === 'QUARANTINED' || code === 'WORKER_CRASHED', 'poison', `is ${asset?.status} with ${code}`)
      return [took]
    } finally {
      await killer.stop()
    }
  },
}

export const poisons: readonly Scenario[] = [poison]
