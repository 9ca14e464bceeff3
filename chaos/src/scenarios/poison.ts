import { existsSync, readdirSync, readFileSync } from 'node:fs'
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

/** In hundredths of a second. */
function cpuTimeOf(pid: number): number {
  const stat = fromProc(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
}

/** This much work, in hundredths of a second, means that it is at the file. */
const AT_WORK = 3
/** Whose AVIFs are seconds of work: on however busy a machine it is caught before it has made them all. */
const LABORIOUS_PRESET = 'article'

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
  const idle = new Map<string, number>()
  const isAtWork = (pid: number, leaseToken: string): boolean => {
    const now = cpuTimeOf(pid)
    const before = idle.get(`${leaseToken} ${pid}`) ?? now
    idle.set(`${leaseToken} ${pid}`, before)
    return now - before >= AT_WORK
  }
  const loop = async () => {
    while (!isOver) {
      const [job] = await sql<{ lease_token: string | null }[]>`
        SELECT lease_token FROM jobs WHERE asset_id = ${assetId} AND status = 'running'`
      const leaseToken = job?.lease_token ?? null
      const worker = leaseToken === null || leaseToken === killed ? null : workerOf(tempDir, leaseToken)
      const all = worker === null ? [] : mediaProcessesOf(worker)
      const caught = leaseToken === null ? [] : all.filter(pid => isAtWork(pid, leaseToken))
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
    const photo = await makePhoto(round.random, { width: 6000, height: 4500 })
    const started = await client.start(photo, { more: { preset: LABORIOUS_PRESET } })
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
