import { expect, it } from 'vitest'
import { proveBackfill } from '../src/backfill/prove-backfill.ts'
import { startMachine } from '../src/world/machine.ts'

// The small edition of `npm run bench:backfill`.
it('a backfill that is killed in the middle goes on, does no work twice and breaks no URL', {
  timeout: 600_000,
  retry: 0,
}, async () => {
  const machine = await startMachine()
  try {
    const options = { assets: 60, kills: 1, workers: 2, probes: 3, backend: 'postgres' as const, seed: 'test' }
    const { backfill, effects, kills, urlsFetched, violations } = await proveBackfill(machine, options, () => undefined)
    expect(violations).toEqual([])
    expect(backfill).toMatchObject({ status: 'completed', total: 60, succeeded: 60, canary: 10 })
    expect(effects).toMatchObject({ jobs: 60, files: 120 })
    expect(kills).toMatchObject([{ processes: 3 }])
    expect(kills[0]?.done).toBeLessThan(60)
    expect(urlsFetched).toBeGreaterThan(10)
  } finally {
    await machine.close()
  }
})
