import { randomInt } from 'node:crypto'
import { amount } from '@darkroom/testing/samples'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationText } from './fuzz/report.ts'
import { run } from './fuzz/run.ts'
import { openSetting, type Setting } from './fuzz/setting.ts'

// A short selection of `npm run fuzz`.

let setting: Setting
beforeAll(async () => {
  setting = await openSetting()
})
afterAll(() => setting.close())

const REQUESTS = amount(200, 500)
const NEW_SEED = randomInt(2 ** 31)

it.each([
  ['a fixed seed', 1],
  ['another fixed seed', 20_261_121],
  [`a new seed, this time ${NEW_SEED}`, NEW_SEED],
])(
  'answers every operation as the OpenAPI document says, whatever it is asked: %s',
  async (_title, seed) => {
    const { violations, requests, tallies } = await run(setting, { requests: REQUESTS, seed })
    expect(violations.map(violationText).join('\n')).toBe('')
    expect(requests).toBeGreaterThanOrEqual(REQUESTS)
    // Requests of which nothing ever succeeds would prove nothing.
    const statuses = tallies.flatMap(tally => [...tally.statuses])
    const succeeded = statuses.filter(([status]) => status < 400).reduce((sum, [, count]) => sum + count, 0)
    expect(succeeded / requests).toBeGreaterThan(0.25)
  },
  120_000,
)
