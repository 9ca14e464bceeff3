import { amount, isLongForm } from '@darkroom/testing/samples'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Machine, startMachine } from '../src/deployment/machine.ts'
import { BACKENDS } from '../src/deployment/settings.ts'
import { readOptions } from '../src/options.ts'
import { runAllOn } from '../src/runner/run-all.ts'

/**
 * The short form takes the faults that only whole processes can show, one of a kind: a frozen and a dead worker, a dead API, an
 * empty queue. Of confirms and second PUTs the tests of API and worker show as much with less.
 */
const SCENARIOS = { redis: [12, 16], postgres: [8, 4] }
const FEWEST = { short: 2, long: 6 }
/** Faults of each scenario; those of one round are at once, so a second one starts more processes than it shows. */
const TRIALS = amount(1, 2)

const silent = { begin: () => undefined, end: () => undefined }

let machine: Machine
beforeAll(async () => {
  machine = await startMachine()
})
afterAll(() => machine?.close())

describe.each(BACKENDS)('with the queue on %s', backend => {
  // What is red once has shown a fault; a second try would only hide it.
  it('loses nothing, does nothing twice and leaves nothing when processes die, freeze and lose their queue', {
    retry: 0,
    // Everything in it waits for as long as a busy machine needs.
    timeout: 1_200_000,
  }, async () => {
    const chosen = isLongForm ? [] : ['--scenario', SCENARIOS[backend].join()]
    const options = readOptions(['--smoke', '--backend', backend, '--trials', `${TRIALS}`, ...chosen])
    if (!options) throw new Error('these are options')
    const { cells } = await runAllOn(machine, options, silent)
    expect(cells.length).toBeGreaterThanOrEqual(isLongForm ? FEWEST.long : FEWEST.short)
    const found = cells.flatMap(({ number, violations }) => violations.map(violation => ({ number, ...violation })))
    expect(found, `npm run chaos -- --smoke --backend ${backend} --seed ${options.seed}`).toEqual([])
    expect(cells.flatMap(({ number, trials, skipped }) => (trials > 0 || skipped ? [] : [number]))).toEqual([])
  })
})
