import { afterEach, describe, expect, it } from 'vitest'
import type { ProgressAnswer } from '../src/sandbox/answers.ts'
import { type Hostile, isolationOf, startHostile } from './hostile.ts'
import { markedLimits, TEMP_ROOT } from './pool.ts'

const MIB = 1024 * 1024
let hostile: Hostile
afterEach(() => hostile.end())

async function start(): Promise<Hostile> {
  const limits = markedLimits({ timeoutMs: 10_000 })
  hostile = await startHostile(isolationOf('off', limits), { folder: TEMP_ROOT }, limits)
  return hostile
}

const FIRST_CALL = 1
const progress = (over: object) => JSON.stringify({ type: 'progress', id: FIRST_CALL, value: 0.5, stage: 'x', ...over })

describe('a decoder that answers wrongly is ended, and its call fails', () => {
  it.each([
    ['what is no JSON', '{"type":'],
    ['what is nothing', ''],
    ['a type that there is not', '{"type":"promoted","id":1}'],
    ['an answer to a call that nobody made', '{"type":"done","id":77,"value":null,"timings":{}}'],
    ['more progress than all', progress({ value: 1.01 })],
    ['progress that is no number', progress({ value: null })],
    ['a stage that is a story', progress({ stage: 'x'.repeat(41) })],
    ['a fault that stops every queue', '{"type":"fault","id":1,"fault":{"code":"STORE_CREDENTIALS","detail":""}}'],
    ['a fault that leaves its job unsettled', '{"type":"fault","id":1,"fault":{"code":"LEASE_LOST","detail":""}}'],
    ['a fault that there is not', '{"type":"fault","id":1,"fault":{"code":"NOBODY_KNOWS","detail":""}}'],
    [
      'a variant that failed by what is not its own',
      '{"type":"variant","id":1,"variant":{"name":"a","fault":{"code":"STORE_CAP_EXCEEDED","detail":""}}}',
    ],
    ['a variant of no size at all', '{"type":"variant","id":1,"variant":{"name":"a","byteSize":0}}'],
  ])('%s', async (_title, line) => {
    const { act, media } = await start()
    await expect(act({ do: 'say', lines: [line] })).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      message: expect.stringContaining('sent an invalid answer'),
    })
    await media.gone
  })

  it('a message that never ends, of which the worker keeps little', async () => {
    const { act } = await start()
    const before = process.memoryUsage().rss
    await expect(act({ do: 'flood' })).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      message: expect.stringContaining('sent an invalid answer'),
    })
    // The young generation of a test process alone may grow by 192 MiB meanwhile.
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * MIB)
  })
})

it('passes progress on, in its order, and an answer however it is cut into pieces', async () => {
  const { media } = await start()
  const heard: ProgressAnswer[] = []
  const long = 'ä'.repeat(MIB)
  const lines = [progress({ value: 0 }), progress({ value: 1, stage: long.slice(0, 40) })]
  const params = { file: JSON.stringify({ do: 'say', lines }), declaredType: long }
  await media.call({ method: 'probe', params }, { onProgress: message => heard.push(message) })
  expect(heard.map(({ value, stage }) => [value, stage])).toEqual([
    [0, 'x'],
    [1, long.slice(0, 40)],
  ])
})

it('ends in less than the time of all calls where a call has less', async () => {
  const { media } = await start()
  const params = { file: JSON.stringify({ do: 'wait' }), declaredType: '' }
  const startedMs = performance.now()
  await expect(media.call({ method: 'probe', params }, {}, 200)).rejects.toMatchObject({
    code: 'TIMEOUT',
    context: { limitMs: 200 },
  })
  expect(performance.now() - startedMs).toBeLessThan(9000)
})
