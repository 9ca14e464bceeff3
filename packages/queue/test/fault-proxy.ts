import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy whose connections can be made to lose every byte without ever closing: a dead peer, as after a firewall's time-out. */
export async function startFaultProxy(target: { host: string; port: number }) {
  let frozen = new WeakSet<Socket>()
  const open = new Set<Socket>()
  const forward = (from: Socket, to: Socket, client: Socket) => {
    open.add(from)
    from.on('data', data => {
      if (!frozen.has(client)) to.write(data)
    })
    from.on('error', () => to.destroy())
    from.on('close', () => {
      open.delete(from)
      to.destroy()
    })
  }
  const server = createServer(client => {
    const upstream = connect(target)
    forward(client, upstream, client)
    forward(upstream, client, client)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    /** Every connection of now goes silent; later ones work. */
    freezeOpen() {
      frozen = new WeakSet(open)
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
