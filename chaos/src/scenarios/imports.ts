import type { Crashpoint } from '@darkroom/core'
import { makePhoto } from '../client/photo.ts'
import { type Source, startSource } from '../client/source.ts'
import { eventually, scaledTimeout } from '../eventually.ts'
import { secondsToSettle } from './load.ts'
import type { Round, Scenario, ScenarioContext } from './scenario.ts'

const POINTS: readonly Crashpoint[] = ['import.middle', 'import.after-put']
const GIVE_UP_MS = 60_000
const FEED_EVERY_MS = 500

/** Imports one photo after the other until the worker that is told of them has met its point. */
async function importUntilDead(
  context: ScenarioContext,
  round: Round,
  source: Source,
  point: Crashpoint,
): Promise<void> {
  const armed = await context.deployment.processes.start('worker', { crashpoint: point })
  const { isOver } = scaledTimeout(GIVE_UP_MS)
  const importOne = async () => {
    const photo = await makePhoto(round.random)
    await context.client.importFrom(source.publish(photo), photo)
    return armed.exit
  }
  await eventually('the armed worker dies', importOne, exit => exit !== null || isOver(), {
    withinMs: GIVE_UP_MS * 2,
    everyMs: FEED_EVERY_MS,
  })
  round.expect(armed.exit?.signal === 'SIGKILL', 'crash points', `not by its own hand: ${armed.logTail()}`)
  await armed.kill()
}

export const importCrashes: Scenario = {
  number: 43,
  name: 'worker dies over an import',
  fault: 'kill -9 of the worker in the middle of the fetch, or after it put the bytes and before the row says so',
  expected: 'another worker fetches them again; nothing lost, nothing twice, nothing left behind',
  figure: 's from the last death until all is settled',
  perRound: POINTS.length,
  env: { WORKER_QUEUES: 'image,import,system' },
  async run(context, round) {
    const { processes } = context.deployment
    const source = await startSource()
    try {
      await Promise.all(processes.alive('worker').map(worker => worker.kill()))
      for (const point of POINTS.slice(0, round.faults)) await importUntilDead(context, round, source, point)
      const lastDeath = performance.now()
      await processes.complete()
      return [await secondsToSettle(context, lastDeath)]
    } finally {
      await source.stop()
    }
  },
}
