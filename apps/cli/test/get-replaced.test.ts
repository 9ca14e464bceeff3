import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runCommand } from './harness.ts'

const OLD = { etag: '"1"', bytes: Buffer.from('the old thumb') }
const NEW = { etag: '"2"', bytes: Buffer.from('the new thumb, which is longer') }

/** An API whose variant is made again after the first connection has sent eight bytes and broken. */
async function serveReplaced({ hasHash }: { hasHash: boolean }): Promise<string> {
  let isReplaced = false
  const variant = ({ bytes }: typeof OLD) => ({
    name: 'thumb',
    contentType: 'image/webp',
    url: null,
    byteSize: bytes.length,
    sha256: hasHash ? createHash('sha256').update(bytes).digest('hex') : null,
  })
  const sendFile = (response: ServerResponse, range: string | undefined) => {
    const { etag, bytes } = isReplaced ? NEW : OLD
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    const rest = bytes.subarray(from)
    response.writeHead(from === 0 ? 200 : 206, { etag, 'content-length': rest.length })
    if (isReplaced) return response.end(rest)
    isReplaced = true
    // Not before these bytes have arrived.
    return response.write(rest.subarray(0, 8), () => setTimeout(() => response.destroy(), 300))
  }
  const server = createServer(({ url, headers }, response) => {
    if (url?.includes('/download')) return response.writeHead(302, { location: '/stored' }).end()
    if (url === '/stored') return sendFile(response, headers.range)
    const asset = { id: 'a', filename: 'beach.jpg', variants: [variant(isReplaced ? NEW : OLD)] }
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(asset))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function get(url: string, output: string) {
  const cwd = await mkdtemp(join(tmpdir(), 'darkroom-get-replaced-'))
  onTestFinished(() => rm(cwd, { recursive: true, force: true }))
  const env = { DARKROOM_URL: url, DARKROOM_KEY: 'dk_x', HOME: cwd, XDG_STATE_HOME: join(cwd, '.state') }
  const ran = await runCommand(['get', 'a', 'thumb', '--output', output], env, { cwd })
  const files = (await readdir(cwd)).filter(name => name !== '.state')
  return { ...ran, files, read: () => readFile(join(cwd, output)) }
}

it.each([[{ hasHash: true }], [{ hasHash: false }]])(
  'darkroom get begins anew with a variant that is made again meanwhile: %o',
  async how => {
    const { code, files, read } = await get(await serveReplaced(how), 'thumb.webp')
    expect([code, files]).toEqual([0, ['thumb.webp']])
    expect(await read()).toEqual(NEW.bytes)
  },
)

it('darkroom get ends rather than writing the bytes of two versions to standard output', async () => {
  const { code, out, err } = await get(await serveReplaced({ hasHash: false }), '-')
  expect([code, out]).toEqual([3, OLD.bytes.subarray(0, 8).toString().trim()])
  expect(err).toContain('replaced while it was downloaded')
})
