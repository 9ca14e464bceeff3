import type { Duplex } from 'node:stream'

/** The handle, in the child, of the socket to its parent. */
export const CHANNEL_FD = 3

/** Far more than any message that we send. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
const NEWLINE = 10

/** What arrives in the place of a message that cannot be read. */
export const NONSENSE = Symbol('nonsense')

export interface Channel {
  /** Whether the other side still has its end. */
  readonly isOpen: boolean
  send(message: unknown): void
}

export interface ChannelListeners {
  onMessage(message: unknown): void
  /** Once, when the other side is gone. */
  onEnd(): void
}

/**
 * Messages as lines of JSON. Not Node's own IPC, which keeps a line of any length: a child that has been taken over would
 * fill the worker's memory with one that never ends, until the worker dies of it.
 */
export function openChannel(socket: Duplex, { onMessage, onEnd }: ChannelListeners): Channel {
  let rest = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      onMessage(parse(rest.subarray(0, end)))
      rest = rest.subarray(end + 1)
    }
    if (rest.length <= MAX_MESSAGE_BYTES) return
    socket.destroy()
    onMessage(NONSENSE)
  })
  // A broken pipe says the same as the end: the other side is gone.
  socket.on('error', () => socket.destroy())
  socket.once('close', onEnd)
  return {
    get isOpen() {
      return !socket.destroyed
    },
    send: message => void socket.write(`${JSON.stringify(message)}\n`),
  }
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'))
  } catch {
    return NONSENSE
  }
}
