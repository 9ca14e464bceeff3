import { buffer } from 'node:stream/consumers'
import { unzipSync } from 'fflate'
import { expect, it } from 'vitest'
import { type ZipEntry, zipStream } from './zip-stream.ts'

const AT = new Date('2026-11-25T10:00:00Z')
const MIB = 1024 * 1024

const entry = (path: string, byteSize: number, read: ZipEntry['read']): ZipEntry => ({
  path,
  byteSize,
  modifiedAt: AT,
  read,
})
const ofText = (path: string, text: string) =>
  entry(path, Buffer.byteLength(text), async function* () {
    yield Buffer.from(text)
  })

it('has the bytes of every entry, and the size that it says', async () => {
  const { byteSize, body } = await zipStream([ofText('a.txt', 'one'), ofText('ordner/Größe 😀.txt', 'zwei')])
  const bytes = await buffer(body)
  expect(bytes.length).toBe(byteSize)
  const files = Object.entries(unzipSync(bytes)).map(([name, content]) => [name, Buffer.from(content).toString()])
  expect(files).toEqual([
    ['a.txt', 'one'],
    ['ordner/Größe 😀.txt', 'zwei'],
  ])
})

it('without entries is an empty file', async () => {
  const { byteSize, body } = await zipStream([])
  expect([byteSize, (await buffer(body)).length]).toEqual([22, 22])
})

it('reads no further ahead than what is on its way', async () => {
  const size = 256 * MIB
  let read = 0
  const big = entry('big', size, async function* () {
    const chunk = Buffer.alloc(MIB)
    for (; read < size; read += MIB) yield chunk
  })
  const { body } = await zipStream([big])
  let sent = 0
  let furthest = 0
  for await (const chunk of body) {
    sent += chunk.length
    furthest = Math.max(furthest, read - sent)
  }
  expect(sent).toBeGreaterThan(size)
  expect(furthest).toBeLessThan(8 * MIB)
})

it('stops reading when nobody wants it any more', async () => {
  let isEnded = false
  const endless = entry('endless', 1024 * MIB, async function* () {
    try {
      for (;;) yield Buffer.alloc(MIB)
    } finally {
      isEnded = true
    }
  })
  const { body } = await zipStream([endless])
  for await (const _ of body) break
  await expect.poll(() => isEnded).toBe(true)
})

it.each([
  [
    'that fails',
    async function* () {
      yield Buffer.from('a')
      throw new Error('the store is gone')
    },
  ],
  [
    'that is shorter than it should be',
    async function* () {
      yield Buffer.from('a')
    },
  ],
])('fails with an entry %s', async (_, read) => {
  const { body } = await zipStream([entry('a', 100, read)])
  await expect(buffer(body)).rejects.toThrow()
})
