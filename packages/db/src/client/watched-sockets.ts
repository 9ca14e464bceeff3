import { Socket } from 'node:net'

/** What postgres.js tells of the connection that it wants. */
interface Wanted {
  host: string[]
  port: number[]
  /** Of a Unix socket, instead of the two. */
  path?: string | false
  /** Null of a session for LISTEN, which says nothing for hours and is right. */
  idle_timeout: number | null
}

const LOOKS = 10

/**
 * Returns the option of postgres.js, missing in its types, that makes the sockets of a client. A socket that neither
 * sent nor received a byte for `silenceMs` is closed, and whoever waits for its answer gets `CONNECTION_CLOSED`. TCP
 * alone notices a server that vanished only after a quarter of an hour. The caller sees to it that a healthy connection
 * is never silent that long, and that connecting times out earlier. With several hosts the next connection goes to the
 * next host.
 */
export function watchedSockets(silenceMs: number): { socket(wanted: Wanted): Socket } {
  let hostIndex = 0
  let last: Socket | null = null
  const connect = ({ host: hosts, port: ports, path, idle_timeout }: Wanted) => {
    if (last?.destroyed) hostIndex++
    const socket = new Socket()
    last = socket
    const index = hostIndex % hosts.length
    const to = path ? { path } : { host: hosts[index] ?? 'localhost', port: ports[index] ?? 5432 }
    if (idle_timeout !== null) endWhenSilent(socket, silenceMs)
    // postgres.js reads where it goes, for TLS and for what it says of errors.
    return Object.assign(socket.connect(to), to)
  }
  return { socket: connect }
}

/** Counts looks, not time: a process that was frozen itself finds on its return what its sockets got meanwhile. */
function endWhenSilent(socket: Socket, silenceMs: number): void {
  let bytes = 0
  let looksInVain = 0
  const timer = setInterval(() => {
    const now = socket.bytesRead + socket.bytesWritten
    looksInVain = now === bytes ? looksInVain + 1 : 0
    bytes = now
    if (!socket.destroyed && looksInVain < LOOKS) return
    clearInterval(timer)
    // Without an error: under TLS nobody listens for one here, and the close says enough.
    socket.destroy()
  }, silenceMs / LOOKS)
  timer.unref()
}
