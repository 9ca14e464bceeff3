import type { Pool, PoolClient } from 'pg'

/**
 * The connection on which a process listens for new entries, for all its workers: Postgres wakes every session that listens,
 * whichever queue an entry is for. See docs/decisions/0122.
 */
export interface Listener {
  /** Takes the connection out of the pool when first asked, and another one when that was lost. */
  connect(): Promise<ListenClient>
  /** Calls back when the connection is lost. Returns a function that stops it. */
  onLost(callback: () => void): () => void
  /** Gives the connection up; call it before the pool ends. */
  close(): Promise<void>
}

/** A connection whose users all say LISTEN: a statement that it was told before is not sent again. */
export type ListenClient = Omit<PoolClient, 'query'> & { query(statement: string): Promise<unknown> }

interface Session {
  client: ListenClient
  end(): void
}

export function createListener(pool: Pool): Listener {
  const callbacks = new Set<() => void>()
  let current: Promise<Session> | undefined

  const connect = (): Promise<Session> => {
    const session = openSession(pool, () => {
      forget(session)
      for (const callback of callbacks) callback()
    })
    // Who asks next tries again.
    session.catch(() => forget(session))
    return session
  }
  const forget = (session: Promise<Session>) => {
    if (current === session) current = undefined
  }
  return {
    async connect() {
      current ??= connect()
      return (await current).client
    },
    onLost(callback) {
      callbacks.add(callback)
      return () => callbacks.delete(callback)
    },
    async close() {
      const session = await current?.catch(() => undefined)
      current = undefined
      session?.end()
    },
  }
}

/** @param onLost called once, when the connection has an error, or a statement on it failed */
async function openSession(pool: Pool, onLost: () => void): Promise<Session> {
  const client = await pool.connect()
  let isOpen = true
  const end = () => {
    if (isOpen) client.release(true)
    isOpen = false
  }
  const lose = () => {
    if (!isOpen) return
    end()
    onLost()
  }
  client.setMaxListeners(0) // each idle worker waits for its notification
  client.once('error', lose)
  const query = client.query.bind(client)
  const results = new Map<string, Promise<unknown>>()
  const queryOnce = (statement: string): Promise<unknown> => {
    const result = results.get(statement) ?? query(statement)
    results.set(statement, result)
    result.catch(lose)
    return result
  }
  return { client: Object.assign(client, { query: queryOnce }), end }
}
