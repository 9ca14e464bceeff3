import { appendFileSync } from 'node:fs'
import { z } from 'zod'
import type { Caller, CallOptions } from './caller.ts'
import { UnexpectedAnswer } from './client.ts'
import { type Receiver, startReceiver } from './receiver.ts'

/** An event that every subscriber of its type must receive, because a client was told that it happened. */
export interface ExpectedEvent {
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
  expected: readonly ExpectedEvent[]
}

/** The webhook endpoints of a project, with their servers. */
export interface Subscribers {
  /** Starts a server and registers it. */
  open(name: string, types: readonly string[]): Promise<Subscriber>
  all(): readonly Subscriber[]
  /** Records an event that subscribers must receive, before the client continues. */
  expect(event: ExpectedEvent): void
  /** Ends the endpoints and their servers. */
  closeAll(): Promise<void>
  /** Ends the servers alone. */
  dispose(): Promise<void>
}

const Registered = z.object({ id: z.string(), secret: z.string() })

/** Creates webhook endpoints with a server each. @param file records all expected and all received messages, outside the system */
export function createSubscribers({ caller, file }: { caller: Caller; file: string }): Subscribers {
  let open: (Subscriber & { expected: ExpectedEvent[] })[] = []
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
      const subscriber = { name, endpointId: id, types, receiver, expected: [] }
      open.push(subscriber)
      return subscriber
    },
    all: () => open,
    expect(event) {
      note({ expected: event })
      for (const { types, expected } of open) if (types.includes(event.type)) expected.push(event)
    },
    async closeAll() {
      for (const { endpointId } of open) await caller.call('DELETE', `/v1/webhooks/${endpointId}`)
      await dispose()
    },
    dispose,
  }
}
