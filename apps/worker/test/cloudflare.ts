import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Takes purges as Cloudflare does, and remembers them. */
export async function startCloudflare() {
  const seen: { path: string; token: string; files: string[] }[] = []
  const answers: number[] = []
  const server: Server = createServer(async (request, response) => {
    const chunks = await request.toArray()
    const { files } = JSON.parse(Buffer.concat(chunks).toString())
    seen.push({ path: request.url ?? '', token: request.headers.authorization ?? '', files })
    response.statusCode = answers.shift() ?? 200
    response.end('{"success":true}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { seen, answers, url, close: () => server.close() }
}
