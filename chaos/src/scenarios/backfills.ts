import { PresetDefinition } from '@darkroom/contracts'
import type { Crashpoint } from '@darkroom/core'
import { makePhoto } from '../client/photo.ts'
import { applyPreset, createPreset, readBackfill } from '../client/presets.ts'
import { eventually } from '../eventually.ts'
import { secondsToSettle } from './load.ts'
import type { Scenario } from './scenario.ts'

const POINTS: readonly Crashpoint[] = ['backfill.before-commit', 'backfill.after-commit']
const ASSETS = 12
const CANARY = 2
const GIVE_UP_MS = 60_000

const FIRST = PresetDefinition.parse({
  image: {
    variants: [
      { name: 'kept', width: 64, format: 'webp' },
      { name: 'changed', width: 48, format: 'webp' },
    ],
  },
})
const SECOND = PresetDefinition.parse({
  image: {
    variants: [
      { name: 'kept', width: 64, format: 'webp' },
      { name: 'changed', width: 40, format: 'webp' },
      { name: 'added', width: 32, format: 'jpeg' },
    ],
  },
})

const leaderDies: Scenario = {
  number: 42,
  name: 'worker dies over a backfill',
  fault: 'kill -9 of whoever leads a backfill, before or after it commits a job and the step of the cursor',
  expected: 'another leads on from there; each asset has one job, and one generation more',
  figure: 's from the last death until the backfill was through',
  perRound: 4,
  async run(context, round) {
    const { client, timing, deployment } = context
    const { processes, sql } = deployment
    const name = `round-${round.index}`
    await createPreset(client.caller, name, FIRST)
    const photos = await Promise.all(Array.from({ length: ASSETS }, () => makePhoto(round.random)))
    const uploads = await Promise.all(photos.map(photo => client.upload(photo, { more: { preset: name } })))
    await Promise.all(uploads.map(({ asset }) => client.settled(asset.id, timing.settleMs)))
    const version = await createPreset(client.caller, name, SECOND)

    await Promise.all(processes.alive('worker').map(worker => worker.kill()))
    const armed = await Promise.all(
      Array.from({ length: round.faults }, (_, index) =>
        processes.start('worker', {
          crashpoint: `${POINTS[(round.index + index) % POINTS.length]}:${round.random.int(1, 2)}`,
        }),
      ),
    )
    const { id } = await applyPreset(client.caller, name, { version, canary: CANARY })
    await eventually(
      'armed workers die',
      () => armed.filter(({ exit }) => exit === null).length,
      count => count === 0,
      { withinMs: GIVE_UP_MS },
    )
    const lastDeath = Math.max(...armed.map(({ exit }) => exit?.at ?? 0))
    await processes.complete()
    const took = await secondsToSettle(context, lastDeath)

    const ended = await readBackfill(client.caller, id)
    round.expect(
      ended.status === 'completed' && ended.succeeded === ASSETS,
      'backfill',
      `${ended.status}, ${ended.succeeded} of ${ASSETS}: ${JSON.stringify(ended)}`,
    )
    const others =
      await sql`SELECT id FROM assets WHERE id = ANY(${uploads.map(({ asset }) => asset.id)}) AND generation <> 2`
    round.expect(others.length === 0, 'generation', `${others.length} assets have another than the second`)
    return [took]
  },
}

export const backfills: readonly Scenario[] = [leaderDies]
