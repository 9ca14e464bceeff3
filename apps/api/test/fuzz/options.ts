import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

/** Reads `--requests` and `--seed`; without a seed a random one is taken. */
export function readOptions(args: string[]): { requests: number; seed: number } {
  const { values } = parseArgs({
    args,
    options: { requests: { type: 'string', default: '50000' }, seed: { type: 'string' } },
  })
  const requests = Number(values.requests)
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
  if (!Number.isSafeInteger(requests) || requests < 1 || !Number.isSafeInteger(seed))
    throw new Error('expected --requests and --seed as whole numbers')
  return { requests, seed }
}
