import { expect, it } from 'vitest'
import { runSteps, type Step, type Timings } from './steps.ts'

interface Results {
  first: number
  second: string
}
const first: Step<number, Results> = { name: 'first', run: context => context + 1 }
const second: Step<number, Results> = { name: 'second', run: async (_context, before) => `got ${before.first}` }

it('runs steps in order, each seeing what earlier ones made, and times them', async () => {
  const timings: Timings = {}
  expect(await runSteps([first, second], 1, timings)).toEqual({ first: 2, second: 'got 2' })
  expect(Object.keys(timings)).toEqual(['first', 'second'])
})

it('refuses two steps that write the same field', async () => {
  await expect(runSteps([first, first], 1, {})).rejects.toThrow('two steps are called first')
})
