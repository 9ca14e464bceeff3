import { describe, expect, it } from 'vitest'
import { readOptions } from '../src/options.ts'
import { runAll } from '../src/runner/run-all.ts'
import { BACKENDS } from '../src/world/settings.ts'

const silent = { begin: () => undefined, end: () => undefined }

describe.each(BACKENDS)('with the queue on %s', backend => {
  // What is red once has shown a fault; a second try would only hide it.
  it('loses nothing, does nothing twice and leaves nothing when processes die, freeze and lose their queue', {
    retry: 0,
    // Everything in it waits for as long as a busy machine needs.
    timeout: 1_200_000,
  }, async () => {
    const options = readOptions(['--smoke', '--backend', backend])
    if (!options) throw new Error('these are options')
    const { cells } = await runAll(options, silent)
    expect(cells.length).toBeGreaterThanOrEqual(6)
    const found = cells.flatMap(({ number, violations }) => violations.map(violation => ({ number, ...violation })))
    expect(found, `npm run chaos -- --smoke --backend ${backend} --seed ${options.seed}`).toEqual([])
    expect(cells.flatMap(({ number, trials, skipped }) => (trials > 0 || skipped ? [] : [number]))).toEqual([])
  })
})
