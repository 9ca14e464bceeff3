import { expect, it } from 'vitest'
import { readUploadOptions } from '../src/upload/options.ts'
import { summarizeSet, type UploadRun } from '../src/upload/results.ts'

const servers = { api: 1, postgres: 2, store: 3 }
const runs = (...seconds: number[]): UploadRun[] => seconds.map(one => ({ seconds: one, cpuSec: one / 2, servers }))

it('compares with the other client that has the lowest median, within each round', () => {
  const { best, ratios, rows } = summarizeSet(
    'two files',
    100e6,
    new Map([
      ['sdk', runs(4, 5, 10)],
      ['cli', runs(2, 2, 2)],
      ['aws', runs(1, 9, 9)],
      ['rclone', runs(4, 4, 5)],
    ] as const),
  )
  expect(best).toBe('rclone')
  expect(ratios).toEqual({ sdk: 0.8, cli: 2 })
  expect(rows[0]).toMatchObject({ client: 'sdk', seconds: 5, megabytesPerSec: 20, cpuSec: 2.5, servers })
})

it('has no ratio where nothing else was measured', () => {
  expect(summarizeSet('a file', 1, new Map([['sdk', runs(1)]]))).toMatchObject({ best: null, ratios: {} })
})

it.each([
  ['some clients', ['--publish', '--clients', 'sdk'], 'expected all clients'],
  ['a quick run', ['--publish', '--quick'], 'expected all clients and all data'],
  ['two rounds', ['--publish', '--rounds', '2'], 'expected at least 3 rounds, got 2'],
])('publishes nothing of %s', (_, args, message) => {
  expect(() => readUploadOptions(args)).toThrow(message)
})

it('names the clients that there are when it does not know one', () => {
  expect(() => readUploadOptions(['--clients', 'sdk,ftp'])).toThrow('sdk, cli, aws, aws-tuned, rclone, rclone-tuned')
})
