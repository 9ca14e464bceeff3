import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

const NOTIFICATION = 'A'.charCodeAt(0)
/** The type of a message, and its length without the type. */
const HEAD_BYTES = 5

/** Starts a proxy that passes no NOTIFY on, as a pooler in transaction mode does. @returns the URL in the place of `url` */
export async function startDeafPostgres(url: string): Promise<{ url: string; close(): Promise<void> }> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  const server = createServer(client => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    client.pipe(upstream)
    let rest = Buffer.alloc(0)
    upstream.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk])
      while (rest.length >= HEAD_BYTES) {
        const end = 1 + rest.readUInt32BE(1)
        if (rest.length < end) return
        if (rest[0] !== NOTIFICATION) client.write(rest.subarray(0, end))
        rest = rest.subarray(end)
      }
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const proxied = new URL(url)
  proxied.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: proxied.href,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
