import { amount } from '@darkroom/testing/samples'
import { expect, it, onTestFailed } from 'vitest'
import { proveBackfill } from '../src/backfill/prove-backfill.ts'
import { startMachine } from '../src/deployment/machine.ts'

const ASSETS = amount(20, 60)
const PROBES = amount(1, 3)
const PACE = { uploadMs: amount(1500, 300), urlMs: amount(300, 50) }

// The small edition of `npm run bench:backfill`.
it('a backfill that is killed in the middle goes on, does no work twice and breaks no URL', {
  timeout: 600_000,
  retry: 0,
}, async () => {
  const said: string[] = []
  onTestFailed(() => console.error(said.join('\n')))
  const machine = await startMachine()
  try {
    const options = {
      assets: ASSETS,
      kills: 1,
      workers: 2,
      probes: PROBES,
      backend: 'postgres' as const,
      seed: 'test',
      pace: PACE,
    }
    const { backfill, effects, kills, urlsFetched, violations } = await proveBackfill(machine, options, line =>
      said.push(line),
    )
    expect(violations).toEqual([])
    expect(backfill).toMatchObject({ status: 'completed', total: ASSETS, succeeded: ASSETS, canary: 10 })
    expect(effects).toMatchObject({ jobs: ASSETS, files: 2 * ASSETS })
    expect(kills).toMatchObject([{ processes: 3 }])
    expect(kills[0]?.done).toBeLessThan(ASSETS)
    expect(urlsFetched).toBeGreaterThan(10)
  } finally {
    await machine.close()
  }
})
