import { setTimeout as sleep } from 'node:timers/promises'
import { DarkroomError, type Schemas } from '@darkroom/sdk'
import { newSecret, signedHeaders } from '@darkroom/webhooks'
import type { Command } from 'commander'
import { CommandError, EXIT } from '../exit-codes.ts'
import { explainFailure } from '../explain-failure.ts'
import { commandWithJson, moment, printLine } from '../output.ts'
import { type Connected, connectSdk, given } from '../sdk-client.ts'
import { printableLines } from '../terminal-text.ts'

const POLL_MS = 1000
const PAGE = 200
const FORWARD_TIMEOUT_MS = 15_000

type Event = Schemas['EventPage']['items'][number]

interface Wanted {
  after: string
  types?: string | undefined
}

interface ListenOptions {
  json?: true
  forwardTo?: string
  events?: string
  after?: string
}

export const listenCommand = (): Command =>
  commandWithJson('listen', {
    description: '',
    example: 'listen --events asset.ready,asset.failed --forward-to http://localhost:3001/hook',
  })
    .option(
      '--forward-to <url>',
      'forward each event as a signed webhook to this URL, for example http://localhost:3001/hook',
    )
    .option('--events <types>', 'only these event types, comma-separated: asset.ready,asset.failed')
    .option('--after <cursor>', 'start at this cursor of GET /v1/events instead of now')
    .action(listen)

async function listen({ json, forwardTo, events: types, after = 'latest' }: ListenOptions): Promise<void> {
  const forward = forwardTo === undefined ? undefined : createForwarder(forwardTo)
  for await (const event of follow(await connectSdk(), { after, types })) {
    const answer = forward ? await forward(event) : undefined
    printLine({ json }, event, () => describe(event, answer))
  }
}

/** Yields every event after a cursor, as long as the process lives. */
async function* follow({ darkroom, connection }: Connected, { after, types }: Wanted) {
  let cursor = after
  // The first answer shows whether URL and key are right; later ones may fail for a while.
  let isConnected = false
  for (;;) {
    const query = given({ after: cursor, types, limit: PAGE })
    const page = await darkroom.events.list(query).catch((error: unknown) => {
      if (!isConnected || !(error instanceof DarkroomError)) throw error
      console.error(printableLines(explainFailure(error, connection).message))
      return null
    })
    if (page && !isConnected) console.error('Listening; Ctrl-C ends it.')
    isConnected ||= page !== null
    yield* page?.items ?? []
    cursor = page?.nextCursor ?? cursor
    if (!page?.hasMore) await sleep(POLL_MS)
  }
}

/** Signs and sends as a worker would, with a secret of this session; it answers what the receiver did. */
function createForwarder(url: string): (event: Event) => Promise<string> {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new CommandError('--forward-to expects a URL, for example http://localhost:3001/hook', EXIT.usage)
  const secret = newSecret()
  console.error(`Forwarding to ${url}. Verify with the secret ${secret}`)
  return async ({ id, ...message }) => {
    const body = JSON.stringify(message)
    const headers = {
      'content-type': 'application/json',
      ...signedHeaders({ id, body, secrets: [secret], now: new Date() }),
    }
    try {
      const signal = AbortSignal.timeout(FORWARD_TIMEOUT_MS)
      const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
      await response.body?.cancel()
      return String(response.status)
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      return cause instanceof Error ? cause.message : String(cause)
    }
  }
}

function describe({ type, timestamp, data: { assetId, ...rest } }: Event, answer: string | undefined): string {
  const more = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return [moment(timestamp), type, assetId, ...more, answer && `→ ${answer}`].filter(Boolean).join('  ')
}
