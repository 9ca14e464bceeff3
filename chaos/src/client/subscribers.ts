import { appendFileSync } from 'node:fs'
import { z } from 'zod'
import type { Caller, CallOptions } from './caller.ts'
import { UnexpectedAnswer } from './client.ts'
import { type Receiver, startReceiver } from './receiver.ts'

/** What the system owes every subscriber of its type, because a client was told that it happened. */
export interface OwedEvent {
  type: string
  assetId: string
  revision: number
}

/** A webhook endpoint and the server behind it. */
export interface Subscriber {
  name: string
  endpointId: string
  types: readonly string[]
  receiver: Receiver
  owed: readonly OwedEvent[]
}

/** Who is told of a project's events. */
export interface Subscribers {
  /** Starts a server and registers it. */
  open(name: string, types: readonly string[]): Promise<Subscriber>
  all(): readonly Subscriber[]
  /** Written down before the client goes on. */
  owe(event: OwedEvent): void
  /** Ends the endpoints and their servers. */
  closeAll(): Promise<void>
  /** Ends the servers alone. */
  dispose(): Promise<void>
}

const Registered = z.object({ id: z.string(), secret: z.string() })

/** @param file where everything that is owed and everything that comes is written, outside the system */
export function createSubscribers({ caller, file }: { caller: Caller; file: string }): Subscribers {
  let open: (Subscriber & { owed: OwedEvent[] })[] = []
  const note = (line: object) =>
    appendFileSync(file, `${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`)

  const expect = async (status: number, method: string, path: string, options?: CallOptions) => {
    const answer = await caller.call(method, path, options)
    if (answer.status !== status) throw new UnexpectedAnswer(`${method} ${path}`, answer)
    return answer.body
  }

  const dispose = async () => {
    await Promise.all(open.map(({ receiver }) => receiver.stop()))
    open = []
  }

  return {
    async open(name, types) {
      const receiver = await startReceiver(received => note({ receiver: name, ...received }))
      const json = { url: receiver.url, events: types, description: name }
      const { id, secret } = Registered.parse(await expect(201, 'POST', '/v1/webhooks', { json }))
      receiver.trust(secret)
      const subscriber = { name, endpointId: id, types, receiver, owed: [] }
      open.push(subscriber)
      return subscriber
    },
    all: () => open,
    owe(event) {
      note({ owed: event })
      for (const { types, owed } of open) if (types.includes(event.type)) owed.push(event)
    },
    async closeAll() {
      for (const { endpointId } of open) await caller.call('DELETE', `/v1/webhooks/${endpointId}`)
      await dispose()
    },
    dispose,
  }
}
