import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDarkroom, type Darkroom } from '@darkroom/sdk'
import { expect, it, onTestFinished } from 'vitest'
import { FileReplaced, readResumed } from '../src/get/read-resumed.ts'

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

/** Opens as `get` does: a store that refuses is a `DarkroomError`. */
const opening = (url: string) => createOpening(createDarkroom({ url, maxRetries: 0 }))
const createOpening = (darkroom: Darkroom) => (from: number, signal: AbortSignal) =>
  darkroom.assets.download('a', { from: from === 0 ? undefined : from, signal })

interface Reading {
  from?: number
  isWrittenAnew?: boolean
  isVerified?: boolean
}

async function readAll(url: string, { from = 0, isWrittenAnew = false, isVerified = true }: Reading): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of readResumed({ open: opening(url), from, isWrittenAnew, isVerified, signal }))
    chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** Serves `versions`, each for one connection, of which all but the last break in the middle. */
async function serveVersions(versions: { etag?: string; text: string }[]): Promise<string> {
  let asked = 0
  return serve((response, from) => {
    const { etag, text } = versions[asked] ?? { text: '' }
    asked += 1
    const rest = text.slice(from)
    response.writeHead(from === 0 ? 200 : 206, { 'content-length': rest.length, ...(etag && { etag }) })
    if (asked === versions.length) return response.end(rest)
    // Not before these bytes have arrived.
    return response.write(rest.slice(0, 8), () => setTimeout(() => response.destroy(), 300))
  })
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
  for await (const chunk of readResumed({ open: opening(url), from: 0, isVerified: true, signal })) {
    text += Buffer.from(chunk)
    // Breaks once these bytes have arrived.
    if (asked.length === 1) sent?.destroy()
  }
  expect(text).toBe(FILE.toString())
  expect(asked).toEqual([0, 8])
})

it('skips what it has where the store sends the whole file again', async () => {
  const url = await serve(response => response.end(FILE))
  expect(await readAll(url, { from: 15 })).toBe('fghij')
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
  expect(await readAll(url, { isWrittenAnew: true })).toBe('new-signature')
})

it('is at the end where nothing is left', async () => {
  const url = await serve(response => response.writeHead(416).end())
  expect(await readAll(url, { from: FILE.length })).toBe('')
})

it('goes on with the bytes of the same version only', async () => {
  const same = { etag: '"1"', text: '0123456789' }
  expect(await readAll(await serveVersions([same, same]), { isVerified: false })).toBe('0123456789')
  const other = { etag: '"2"', text: 'abcdefghij' }
  await expect(readAll(await serveVersions([same, other]), {})).rejects.toThrow(FileReplaced)
})

it('does not go on without an ETag, unless the hash of the whole shows that the bytes are right', async () => {
  const same = { text: '0123456789' }
  await expect(readAll(await serveVersions([same, same]), { isVerified: false })).rejects.toThrow(FileReplaced)
  expect(await readAll(await serveVersions([same, same]), {})).toBe('0123456789')
})

it('does not repeat what the API refuses', async () => {
  let asked = 0
  const url = await serve(response => {
    asked += 1
    response.writeHead(410, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ status: 410, code: 'ASSET_DELETED', detail: 'It is deleted.' }))
  })
  await expect(readAll(url, {})).rejects.toMatchObject({ code: 'ASSET_DELETED' })
  expect(asked).toBe(1)
})
