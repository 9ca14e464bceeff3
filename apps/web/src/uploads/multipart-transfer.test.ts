import { describe, expect, test } from 'vitest'
import { createMultipartTransfer } from './multipart-transfer.ts'
import type { PartLayout, SingleTransferEvents } from './transfer.ts'

const MB = 1_000_000
const LARGE = new File([new Uint8Array(51 * MB)], 'large.tif')

/** Single PUTs that end when told, and what is reported of the file. */
function setUp(layout: PartLayout | Error = { partSize: 10 * MB, partCount: 6, present: [] }) {
  const calls: string[] = []
  const reports: string[] = []
  let single: SingleTransferEvents | undefined
  const transfer = createMultipartTransfer(
    {
      sign: async id => ({ url: `https://store/${id}`, headers: { a: 'b' } }),
      layout: async () => {
        if (layout instanceof Error) throw layout
        return layout
      },
      signPart: async (id, partNumber) => ({ url: `https://store/${id}/${partNumber}`, headers: {} }),
      onProgress: (id, sentBytes) => void reports.push(`${id} ${sentBytes / MB}`),
      onSent: id => void reports.push(`${id} sent`),
      onFailed: (id, error) => void reports.push(`${id} failed ${String(error)}`),
    },
    events => {
      single = events
      return {
        start: (key, file) => void calls.push(`${key} ${file.size / MB}`),
        cancel: key => void calls.push(`cancel ${key}`),
      }
    },
  )
  if (!single) throw new Error('no transfer was made')
  return { transfer, calls, reports, single }
}

const settled = () => new Promise(resolve => setTimeout(resolve))

describe('a transfer in parts', () => {
  test('passes a small file through', async () => {
    const { transfer, calls, reports, single } = setUp()
    transfer.start('a', new File(['x'], 'small.jpg'), 'image/jpeg')
    expect(await single.sign('a')).toEqual({ url: 'https://store/a', headers: { a: 'b' } })
    single.onProgress('a', MB)
    single.onSent('a')
    transfer.cancel('a')
    expect([calls, reports]).toEqual([
      ['a 0.000001', 'cancel a'],
      ['a 1', 'a sent'],
    ])
  })

  test('sends three parts at a time and reports the file once all are there', async () => {
    const { transfer, calls, reports, single } = setUp()
    transfer.start('a', LARGE, 'image/tiff')
    await settled()
    expect(calls).toEqual(['a#1 10', 'a#2 10', 'a#3 10'])
    expect(await single.sign('a#2')).toEqual({ url: 'https://store/a/2', headers: {} })
    single.onProgress('a#1', 4 * MB)
    single.onProgress('a#3', MB)
    single.onSent('a#1')
    single.onProgress('a#2', 2 * MB)
    for (const key of ['a#2', 'a#3', 'a#4', 'a#6', 'a#5']) single.onSent(key)
    expect(calls.slice(3)).toEqual(['a#4 10', 'a#5 10', 'a#6 1'])
    expect(reports).toEqual(['a 0', 'a 4', 'a 5', 'a 13', 'a sent'])
  })

  test('sends only what the store lacks, and nothing when it lacks nothing', async () => {
    const some = setUp({ partSize: 10 * MB, partCount: 6, present: [1, 2, 4, 6] })
    some.transfer.start('a', LARGE, 'image/tiff')
    await settled()
    expect([some.calls, some.reports]).toEqual([['a#3 10', 'a#5 10'], ['a 31']])
    const all = setUp({ partSize: 26 * MB, partCount: 2, present: [1, 2] })
    all.transfer.start('a', LARGE, 'image/tiff')
    await settled()
    expect([all.calls, all.reports]).toEqual([[], ['a 51', 'a sent']])
  })

  test('stops the other parts when one fails, and reports it once', async () => {
    const { transfer, calls, reports, single } = setUp()
    transfer.start('a', LARGE, 'image/tiff')
    await settled()
    single.onFailed('a#2', 'broken')
    single.onFailed('a#3', 'broken')
    single.onSent('a#1')
    expect(calls.slice(3)).toEqual(['cancel a#1', 'cancel a#2', 'cancel a#3'])
    expect(reports).toEqual(['a 0', 'a failed broken'])
  })

  test('reports that the upload could not be planned', async () => {
    const { transfer, reports } = setUp(new Error('no'))
    transfer.start('a', LARGE, 'image/tiff')
    await settled()
    expect(reports).toEqual(['a failed Error: no'])
  })

  test('sends two large files at a time, the others in the order in which they came', async () => {
    const { transfer, calls, single } = setUp({ partSize: 26 * MB, partCount: 2, present: [] })
    for (const id of ['a', 'b', 'c', 'd', 'e']) transfer.start(id, LARGE, 'image/tiff')
    transfer.cancel('c')
    await settled()
    expect(calls).toEqual(['a#1 26', 'a#2 25', 'b#1 26', 'b#2 25'])
    single.onSent('a#1')
    single.onSent('a#2')
    await settled()
    expect(calls.slice(4)).toEqual(['d#1 26', 'd#2 25'])
    single.onFailed('b#1', 'broken')
    await settled()
    expect(calls.slice(6)).toEqual(['cancel b#1', 'cancel b#2', 'e#1 26', 'e#2 25'])
  })

  test('starts nothing after it was cancelled while it was planned', async () => {
    const { transfer, calls, reports } = setUp()
    transfer.start('a', LARGE, 'image/tiff')
    transfer.cancel('a')
    await settled()
    expect([calls, reports]).toEqual([[], []])
  })
})
