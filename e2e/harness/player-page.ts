import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'

const require = createRequire(import.meta.url)

/** Serves a page on another origin than the API and the store, with nothing but hls.js. */
export async function servePage(body: string): Promise<{ server: Server; url: string }> {
  const script = await readFile(require.resolve('hls.js/dist/hls.min.js'))
  const server = createServer(({ url }, response) => {
    if (url === '/hls.js') response.setHeader('content-type', 'text/javascript').end(script)
    else response.setHeader('content-type', 'text/html').end(`<!doctype html><link rel="icon" href="data:,">${body}`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://localhost:${(server.address() as AddressInfo).port}/` }
}
