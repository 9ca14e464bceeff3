import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf } from '@darkroom/testing'
import { makePhoto } from '../client/photo.ts'
import type { Deployment } from '../deployment/deployment.ts'
import { awaitLater, secondsSince, uploadPhotos } from './load.ts'
import type { Scenario } from './scenario.ts'

const MEDIA_SCRIPT = 'sandbox/child.mjs'
const LOOK_EVERY_MS = 5
const NEIGHBOURS = 8

/** Reads from /proc; returns `otherwise` for a process that just ended. */
function fromProc<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}

/** Where each worker keeps its media processes' folders; see `sandbox/process-folder.ts`. */
const FOLDERS_OF_PROCESSES = 'processes'
const LENT = 'source'

/** Finds the folders of the media processes that got a file of this size, with the worker of each. */
function lentTo(tempDir: string, byteSize: number): { worker: number; folder: string }[] {
  return fromProc(() => readdirSync(tempDir), []).flatMap(worker => {
    const root = join(tempDir, worker, FOLDERS_OF_PROCESSES)
    return fromProc(() => readdirSync(root), [])
      .filter(folder => fromProc(() => statSync(join(root, folder, LENT)).size, 0) === byteSize)
      .map(folder => ({ worker: Number(/-(\d+)$/.exec(worker)?.[1]), folder }))
  })
}

/** Whose AVIFs are seconds of work: on however busy a machine it is caught before it has made them all. */
const LABORIOUS_PRESET = 'article'

/** Lists the processes that decode, without those that wrap them. */
const mediaProcessesOf = (worker: number): number[] =>
  childrenOf(worker).filter(pid => {
    const command = fromProc(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '')
    return command.includes(MEDIA_SCRIPT) && !/unshare|bwrap/.test(command)
  })

/** Its own folder is all that it sees of the worker's files, so its mounts name it. */
const sees = (pid: number, folder: string): boolean =>
  fromProc(() => readFileSync(`/proc/${pid}/mountinfo`, 'utf8'), '').includes(folder)

/** Kills whatever was lent this asset's file, again and again, as a file that crashes its decoder would. */
function startPoison({ sql, tempDir }: Deployment, { assetId, byteSize }: { assetId: string; byteSize: number }) {
  let kills = 0
  let isOver = false
  let killed: string | null = null
  const kill = (): boolean => {
    const found = lentTo(tempDir, byteSize)
    const pids = found.flatMap(({ worker, folder }) => mediaProcessesOf(worker).filter(pid => sees(pid, folder)))
    // One that just went takes nothing with it.
    for (const pid of pids) fromProc(() => process.kill(pid, 'SIGKILL'), false)
    return pids.length > 0
  }
  const loop = async () => {
    while (!isOver) {
      const [job] = await sql<{ lease_token: string | null }[]>`
        SELECT lease_token FROM jobs WHERE asset_id = ${assetId} AND status = 'running'`
      const leaseToken = job?.lease_token ?? null
      if (leaseToken !== null && leaseToken !== killed && kill()) {
        killed = leaseToken
        kills += 1
      }
      await sleep(LOOK_EVERY_MS)
    }
  }
  const looping = awaitLater(loop())
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
  async run(context, round) {
    const { client, deployment, timing } = context
    const began = performance.now()
    const photo = await makePhoto(round.random, { width: 6000, height: 4500 })
    const started = await client.start(photo, { more: { preset: LABORIOUS_PRESET } })
    const killer = startPoison(deployment, { assetId: started.asset.id, byteSize: photo.bytes.length })
    try {
      await client.put(started)
      await client.confirm(started)
      await uploadPhotos(context, round, NEIGHBOURS)
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
