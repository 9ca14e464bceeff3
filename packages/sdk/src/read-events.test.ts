import { expect, it } from 'vitest'
import { readEvents, type ServerEvent } from './read-events.ts'

const TEXT =
  ': alive\n\nevent: asset\ndata: {"a": "é: b"}\nid: 1\n\ndata:one\r\ndata: two\r\n\r\nevent: end\ndata: {}\n\nevent: cut'

async function read(chunkBytes: number): Promise<{ events: ServerEvent[]; chunks: number }> {
  const bytes = new TextEncoder().encode(TEXT)
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(stream) {
      for (let at = 0; at < bytes.length; at += chunkBytes) stream.enqueue(bytes.slice(at, at + chunkBytes))
      stream.close()
    },
  })
  const events: ServerEvent[] = []
  let chunks = 0
  for await (const event of readEvents(body, () => chunks++)) events.push(event)
  return { events, chunks }
}

it.each([1, 2, 3, 7, 1000])('reads the same events however they are cut, by %i bytes', async chunkBytes => {
  const { events, chunks } = await read(chunkBytes)
  expect(events).toEqual([
    { event: 'message', data: '' },
    { event: 'asset', data: '{"a": "é: b"}' },
    { event: 'message', data: 'one\ntwo' },
    { event: 'end', data: '{}' },
  ])
  expect(chunks).toBeGreaterThan(0)
})

it('lets go of the connection when nobody reads on', async () => {
  let isCancelled = false
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: stream => stream.enqueue(new TextEncoder().encode('data: x\n\n')),
    cancel() {
      isCancelled = true
    },
  })
  for await (const { data } of readEvents(body, () => undefined)) if (data === 'x') break
  expect(isCancelled).toBe(true)
})
