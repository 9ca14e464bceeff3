import { setTimeout as sleep } from 'node:timers/promises'
import { makePhoto } from '../client/photo.ts'
import { awaitLater, secondsToSettle } from './load.ts'
import type { Scenario, ScenarioContext } from './scenario.ts'

/** From before the claim to after the last variant. */
const LATEST_MS = 2500

/** Starts one armed worker and no other, because another one might run the deletion. */
async function armTheOnlyWorker(processes: ScenarioContext['deployment']['processes']) {
  await Promise.all(processes.alive('worker').map(worker => worker.kill()))
  const armed = await processes.start('worker', { crashpoint: 'purge.after-delete' })
  awaitLater(armed.exited.then(() => processes.revive()))
  return armed
}

const deleted: Scenario = {
  number: 33,
  name: 'deleted while it is processed',
  fault:
    'DELETE at a random moment of download, transform and publishing; every fourth round a worker dies while it removes',
  expected: 'the run ends quietly; whatever it wrote is removed; the asset stays gone',
  figure: 's from the last DELETE until the first pass has removed all',
  workers: 2,
  perRound: 5,
  async run(context, round) {
    const { client, deployment } = context
    const { processes, store } = deployment
    const armed = round.index % 4 === 3 ? await armTheOnlyWorker(processes) : null
    store.faults.set({ kind: 'delay', ms: 250, match: { operation: 'GetObject', key: 'uploads/' } })
    store.faults.set({ kind: 'delay', ms: 250, match: { operation: 'PutObject', key: 'variants/' } })
    const deletedAt = await Promise.all(
      Array.from({ length: round.faults }, async () => {
        const started = await client.upload(await makePhoto(round.random))
        await sleep(round.random.int(0, LATEST_MS))
        await client.remove(started)
        return performance.now()
      }),
    )
    const figures = [await secondsToSettle(context, Math.max(...deletedAt))]
    if (armed) round.expect(armed.exit !== null, 'crash points', 'the worker never passed its own')
    return figures
  },
}

export const deletion: readonly Scenario[] = [deleted]
