import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type Socket, Server as TcpServer } from 'node:net'
import { setImmediate as otherEvents, setTimeout as sleep } from 'node:timers/promises'

export interface DrainOptions {
  /** How long requests may take from now on. */
  graceMs: number
  /** How long an idle connection is kept, counted from `announce` at the earliest: a client may be about to send. */
  idleMs: number
}

/** The connections of a server that is to stop without cutting a request. */
export interface Connections {
  /** From now on each answer says that its connection ends with it. */
  announce(): void
  readonly isDraining: boolean
  /**
   * Stops listening, waits until every request is answered, and closes what is idle.
   * @returns how many requests were cut because they took longer than the grace period
   */
  drain(options: DrainOptions): Promise<number>
}

interface Connection {
  open: Set<ServerResponse>
  idleSince: number
  /** As of then; what is more by now is a request that is arriving. */
  bytesRead: number
}

const LOOK_EVERY_MS = 50

/** Watches the connections of a server. Call it when the server knows who answers, and before it listens. */
export function watchConnections(server: Server): Connections {
  const connections = new Map<Socket, Connection>()
  let announcedAt: number | null = null

  server.on('connection', (socket: Socket) => {
    connections.set(socket, { open: new Set(), idleSince: performance.now(), bytesRead: 0 })
    socket.once('close', () => connections.delete(socket))
  })
  const onRequest = ({ socket }: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(socket)
    if (!connection) return
    connection.open.add(response)
    if (announcedAt !== null) sayLast(response)
    response.once('close', () => {
      connection.open.delete(response)
      connection.idleSince = performance.now()
      connection.bytesRead = socket.bytesRead
    })
  }
  // Before whoever answers, because a header is set; and not where nobody does, for Node itself answers `checkContinue` then.
  const answered = ['request', 'checkContinue'].filter(event => server.listenerCount(event) > 0)
  for (const event of answered) server.prependListener(event, onRequest)

  const announce = (): number => {
    if (announcedAt !== null) return announcedAt
    announcedAt = performance.now()
    for (const { open } of connections.values()) for (const response of open) sayLast(response)
    return announcedAt
  }

  const closeIdle = (since: number) => {
    for (const [socket, { open, idleSince, bytesRead }] of connections) {
      if (open.size === 0 && idleSince <= since && socket.bytesRead === bytesRead) socket.destroy()
    }
  }

  return {
    announce,
    get isDraining() {
      return announcedAt !== null
    },
    async drain({ graceMs, idleMs }) {
      const idleUntil = announce() + idleMs
      const deadline = performance.now() + graceMs
      // Here and below: what has arrived is accepted and read first, so that nothing is closed that somebody waits for.
      await otherEvents()
      // HTTP's own `close` would cut idle connections at once.
      TcpServer.prototype.close.call(server)
      while (connections.size > 0 && performance.now() < deadline) {
        await sleep(LOOK_EVERY_MS)
        await otherEvents()
        if (performance.now() >= idleUntil) closeIdle(performance.now() - idleMs)
      }
      const cut = [...connections.values()].reduce((sum, { open }) => sum + open.size, 0)
      for (const socket of connections.keys()) socket.destroy()
      return cut
    },
  }
}

function sayLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}
