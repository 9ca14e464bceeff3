import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What goes wrong on the way. Set again at any time; open connections notice with their next bytes. */
export interface Faults {
  /** Delay of every chunk in each direction. */
  latencyMs?: number
  /** Takes connections and bytes, passes nothing on. */
  hang?: boolean
  /** Ends a connection with a reset after this many bytes from the target. */
  cutAfterBytes?: number
}

export interface FaultProxy {
  host: string
  port: number
  /** Connections that are open now. */
  readonly connections: number
  /** Replaces all faults; `{}` heals. */
  setFaults(faults: Faults): void
  /** What is open says nothing more and never ends; new connections work, as after a failover of which nobody was told. */
  freeze(): void
  /** Resets what is open; new connections are taken. */
  reset(): void
  /** Resets what is open and refuses new connections, like a server that is gone. */
  stopAccepting(): Promise<void>
  /** On the same port as before. */
  resumeAccepting(): Promise<void>
  close(): Promise<void>
}

const HOST = '127.0.0.1'

/** Starts a TCP proxy that breaks on demand, to put before Postgres, Redis or an object store. */
export async function startFaultProxy({ target }: { target: { host: string; port: number } }): Promise<FaultProxy> {
  let faults: Faults = {}
  const sockets = new Set<Socket>()
  let frozen = new WeakSet<Socket>()
  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // Broken connections are what this is for; both ends learn of it by `close`.
    socket.on('error', () => undefined)
  }
  const server = createServer({ allowHalfOpen: true }, client => {
    const upstream = connect({ ...target, allowHalfOpen: true })
    for (const socket of [client, upstream]) track(socket)
    joinSockets(client, upstream, { faults: () => faults, isFrozen: socket => frozen.has(socket) })
  })
  const port = await listen(server, 0)
  const reset = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  const stopAccepting = async () => {
    const closed = new Promise<void>(resolve => server.close(() => resolve()))
    reset()
    await closed
  }
  return {
    host: HOST,
    port,
    get connections() {
      return sockets.size / 2
    },
    setFaults: next => {
      faults = next
    },
    freeze: () => {
      frozen = new WeakSet(sockets)
    },
    reset,
    stopAccepting,
    resumeAccepting: async () => {
      await listen(server, port)
    },
    close: stopAccepting,
  }
}

/** What goes wrong at this moment, everywhere and with one socket. */
interface Trouble {
  faults(): Faults
  isFrozen(socket: Socket): boolean
}

function joinSockets(client: Socket, upstream: Socket, trouble: Trouble): void {
  let received = 0
  const cut = () => {
    client.resetAndDestroy()
    upstream.resetAndDestroy()
  }
  const passDown = (chunk: Buffer) => {
    const { cutAfterBytes = Number.POSITIVE_INFINITY } = trouble.faults()
    const rest = cutAfterBytes - received
    received += chunk.length
    if (chunk.length <= rest) return client.write(chunk)
    // The bytes before the cut arrive: a reset at once would throw them away.
    client.write(chunk.subarray(0, Math.max(rest, 0)), () => setImmediate(cut))
    return false
  }
  pump(client, upstream, chunk => upstream.write(chunk), trouble)
  pump(upstream, client, passDown, trouble)
}

/** Moves bytes one way, in order, waiting where the other side does not keep up. */
async function pump(from: Socket, to: Socket, pass: (chunk: Buffer) => boolean, trouble: Trouble): Promise<void> {
  from.once('close', () => to.destroy())
  try {
    for await (const chunk of from.iterator({ destroyOnReturn: false })) {
      if (trouble.isFrozen(from)) continue
      await delay(trouble, from)
      if (to.destroyed) return
      if (!pass(chunk) && !to.destroyed) await drained(to)
    }
    if (trouble.isFrozen(from)) from.destroy()
    else to.end()
  } catch {
    // A broken side breaks the other.
    to.destroy()
  }
}

const HANG_POLL_MS = 10

async function delay({ faults }: Trouble, socket: Socket): Promise<void> {
  const { latencyMs = 0 } = faults()
  if (latencyMs > 0) await sleep(latencyMs)
  while (faults().hang && !socket.destroyed) await sleep(HANG_POLL_MS)
}

const drained = (socket: Socket) =>
  new Promise<void>(resolve => {
    socket.once('drain', resolve).once('close', () => resolve())
  })

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
}
