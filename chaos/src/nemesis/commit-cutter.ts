import { connect, createServer, type Socket } from 'node:net'

/** A proxy before Postgres that loses connections exactly at a commit, so that the client cannot know what became of it. */
export interface CommitCutter {
  port: number
  /** The next so many commits are cut: the first of two before it reaches the server, the second after the server did it. */
  cut(times: number): void
  readonly done: number
  close(): Promise<void>
}

const HOST = '127.0.0.1'
const LENGTH_BYTES = 4
const TYPE_BYTES = 1

export async function startCommitCutter(target: { host: string; port: number }): Promise<CommitCutter> {
  const state = { left: 0, done: 0 }
  const sockets = new Set<Socket>()
  const server = createServer(client => {
    const upstream = connect(target)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      // Broken connections are what this is for.
      socket.on('error', () => undefined)
    }
    join(client, upstream, state)
  })
  await new Promise<void>(resolve => server.listen(0, HOST, () => resolve()))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut: times => {
      state.left = times
    },
    get done() {
      return state.done
    },
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function join(client: Socket, upstream: Socket, state: { left: number; done: number }): void {
  const commits = createCommitFinder()
  let isCutting = false
  const sever = () => {
    client.resetAndDestroy()
    upstream.resetAndDestroy()
  }
  client.on('data', (chunk: Buffer) => {
    const isCommit = commits(chunk)
    if (!isCommit || state.left === 0) return void upstream.write(chunk)
    state.left -= 1
    state.done += 1
    if (state.done % 2 === 1) return sever()
    isCutting = true
    upstream.write(chunk)
  })
  // The server answers when it has committed; the client never hears of it.
  upstream.on('data', chunk => (isCutting ? sever() : client.write(chunk)))
  client.once('close', () => upstream.destroy())
  upstream.once('close', () => client.destroy())
}

const BEGIN = /^begin\b/i
const COMMIT = /^commit$/i
const END = /^(commit|rollback)$/i
/** Outside of a transaction a statement commits by itself. Of those that write, the ones that keep promises. */
const WRITE = /\b(insert\s+into|update|delete\s+from)\s+"?(assets|uploads|jobs|variants|objects)\b/i

/** Reads the frontend protocol: whether a chunk holds a commit, sent as a query or by the name it was prepared under. */
function createCommitFinder(): (chunk: Buffer) => boolean {
  let rest = Buffer.alloc(0)
  let isStarted = false
  let isOpen = false
  const prepared = new Map<string, string>()

  const textOf = (body: Buffer, from: number): string => body.toString('utf8', from, body.indexOf(0, from))
  /** What a message executes; null when it executes nothing. */
  const statementOf = (type: string, body: Buffer): string | null => {
    if (type === 'Q') return textOf(body, 0).trim()
    if (type === 'P') {
      const name = textOf(body, 0)
      prepared.set(name, textOf(body, Buffer.byteLength(name) + 1).trim())
    }
    if (type !== 'B') return null
    const portal = textOf(body, 0)
    return prepared.get(textOf(body, Buffer.byteLength(portal) + 1)) ?? null
  }
  const isCommit = (statement: string): boolean => {
    const commits = isOpen ? COMMIT.test(statement) : WRITE.test(statement)
    if (BEGIN.test(statement)) isOpen = true
    if (END.test(statement)) isOpen = false
    return commits
  }

  return chunk => {
    rest = Buffer.concat([rest, chunk])
    let found = false
    for (;;) {
      // Only the first message of a connection has no type.
      const head = isStarted ? TYPE_BYTES : 0
      if (rest.length < head + LENGTH_BYTES) return found
      const end = head + rest.readUInt32BE(head)
      if (rest.length < end) return found
      const type = isStarted ? String.fromCharCode(rest[0] ?? 0) : ''
      const statement = statementOf(type, rest.subarray(head + LENGTH_BYTES, end))
      found = (statement !== null && isCommit(statement)) || found
      rest = rest.subarray(end)
      isStarted = true
    }
  }
}
