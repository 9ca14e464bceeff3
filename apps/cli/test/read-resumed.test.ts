import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { CommandError, EXIT } from '../src/exit-codes.ts'
import { readResumed } from '../src/get/read-resumed.ts'

const FILE = Buffer.from('0123456789abcdefghij')
const signal = new AbortController().signal

/** Serves by `answer`, which gets the first byte that is asked for. */
async function serve(answer: (response: ServerResponse, from: number) => void): Promise<string> {
  const server = createServer((request, response) => {
    answer(response, Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? 'bytes=0-')?.[1]))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function readAll(url: string, from = 0, isWrittenAnew = false): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of readResumed({ sign: async () => url, from, isWrittenAnew, signal })) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

it('goes on by range after what it has yielded', async () => {
  const asked: number[] = []
  let sent: ServerResponse | undefined
  const url = await serve((response, from) => {
    asked.push(from)
    response.writeHead(from === 0 ? 200 : 206, { 'content-length': FILE.length - from })
    if (from > 0) return response.end(FILE.subarray(from))
    sent = response
    return response.write(FILE.subarray(0, 8))
  })
  let text = ''
  for await (const chunk of readResumed({ sign: async () => url, from: 0, signal })) {
    text += Buffer.from(chunk)
    // Breaks once these bytes have arrived.
    if (asked.length === 1) sent?.destroy()
  }
  expect(text).toBe(FILE.toString())
  expect(asked).toEqual([0, 8])
})

it('skips what it has where the store sends the whole file again', async () => {
  const url = await serve(response => response.end(FILE))
  expect(await readAll(url, 15)).toBe('fghij')
})

it('begins again with what is written anew for each URL', async () => {
  let asked = 0
  const url = await serve((response, from) => {
    asked += 1
    const text = asked === 1 ? 'old-signature' : 'new-signature'
    expect(from).toBe(0)
    response.writeHead(200, { 'content-length': text.length })
    if (asked > 1) return response.end(text)
    return response.write('old-', () => response.destroy())
  })
  expect(await readAll(url, 0, true)).toBe('new-signature')
})

it('is at the end where nothing is left', async () => {
  const url = await serve(response => response.writeHead(416).end())
  expect(await readAll(url, FILE.length)).toBe('')
})

it('does not repeat what the API refuses', async () => {
  const sign = async () => Promise.reject(new CommandError('ASSET_DELETED', EXIT.notFound))
  await expect(readResumed({ sign, from: 0, signal }).next()).rejects.toThrow('ASSET_DELETED')
})
