import { connect, createServer, type Socket } from 'node:net'

export interface TcpGate {
  /** The URL of the server behind it, through the gate. */
  url: string
  /** Ends every connection and refuses new ones, like a server that is down. */
  shut(): void
  open(): void
  close(): Promise<void>
}

/** Stands in front of a server that a test wants to take away and bring back. */
export async function startTcpGate(url: string): Promise<TcpGate> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let isOpen = true
  const keep = (socket: Socket, other: Socket) => {
    sockets.add(socket)
    socket.on('error', () => other.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      other.destroy()
    })
  }
  const endAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer(client => {
    if (!isOpen) return client.resetAndDestroy()
    const upstream = connect(Number(target.port), target.hostname)
    keep(client, upstream)
    keep(upstream, client)
    client.pipe(upstream).pipe(client)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String(typeof address === 'object' && address ? address.port : 0)
  return {
    url: through.href,
    shut() {
      isOpen = false
      endAll()
    },
    open() {
      isOpen = true
    },
    async close() {
      endAll()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
