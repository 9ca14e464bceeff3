import { setTimeout as sleep } from 'node:timers/promises'
import type { Asset, UploadCreated } from './contract.ts'
import { keepAliveClient } from './keep-alive-client.ts'
import { serverSentEvents } from './server-sent-events.ts'

interface Server {
  url: string
  key: string
}

/** What clients that never try a request again have met. */
export interface Log {
  isOver: boolean
  /** Whatever a client should not see: a broken connection, a failure, an end without a word. */
  faults: string[]
  answers: number
  /** PATCHes that were acknowledged. */
  changes: number
  /** Times that a stream ended and was taken up again. */
  resumed: number
}

export interface Running {
  ended: Promise<void>
  /** To be called when it is over: what it waits for may not come any more. */
  stop(): void
}

export const newLog = (): Log => ({ isOver: false, faults: [], answers: 0, changes: 0, resumed: 0 })

/** Mostly short enough for a connection to be used again, see REUSED_WITHIN_MS. */
const PAUSE_MS = { least: 200, more: 700 }
const pause = () => sleep(PAUSE_MS.least + Math.random() * PAUSE_MS.more)

/** Goes on until it is over; what breaks is a fault unless it is over. */
async function until(log: Log, who: string, work: () => Promise<void>): Promise<void> {
  while (!log.isOver) {
    try {
      await work()
      log.answers += 1
    } catch (error) {
      if (!log.isOver) log.faults.push(`${who}: ${error}`)
    }
  }
}

function expectStatus({ status, body }: { status: number; body: string }, ...expected: number[]): void {
  if (!expected.includes(status)) throw new Error(`answered ${status} ${body}`)
}

/** Makes uploads, reads, and changes the assets that others follow. */
export function busyCaller(server: Server, name: string, assets: Asset[], log: Log): Running {
  const connection = keepAliveClient(server)
  let round = Math.floor(Math.random() * assets.length)
  const ended = until(log, 'caller', async () => {
    const json = { filename: 'a.jpg', contentType: 'image/jpeg', byteSize: 1000 }
    const created = await connection.call('POST', '/v1/uploads', { json })
    expectStatus(created, 201)
    const { asset }: UploadCreated = JSON.parse(created.body)
    await pause()
    expectStatus(await connection.call('GET', `/v1/assets/${asset.id}`), 200)
    await pause()
    round += 1
    const path = `/v1/assets/${assets[round % assets.length]?.id}`
    expectStatus(await connection.call('PATCH', path, { json: { tags: [`${name}-${round}`] } }), 200)
    log.changes += 1
    await pause()
  })
  return { ended, stop: () => undefined }
}

/** Asks for the next change, again and again. */
export function longPoller(server: Server, asset: Asset, log: Log): Running {
  const connection = keepAliveClient(server)
  let etag = `W/"${asset.revision}"`
  const ended = until(log, 'long poll', async () => {
    const answer = await connection.call('GET', `/v1/assets/${asset.id}?wait=25`, {
      headers: { 'if-none-match': etag },
    })
    expectStatus(answer, 200, 304)
    etag = String(answer.headers.etag)
    await pause()
  })
  return { ended, stop: () => connection.close() }
}

/** Follows an asset as the guide says it; `seen` gets the numbers of the entries. */
export function follower(server: Server, asset: Asset, log: Log): Running & { seen: number[] } {
  const connection = keepAliveClient(server)
  const seen: number[] = []
  const ended = until(log, 'stream', async () => {
    const lastEventId = seen.at(-1) ?? asset.revision
    const answer = await connection.open(`/v1/assets/${asset.id}/events?follow=true`, {
      'last-event-id': `${lastEventId}`,
    })
    if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`)
    let end: { reason: string; retry: number } | null = null
    for await (const { id, event, data, retry } of serverSentEvents(answer)) {
      if (id) seen.push(Number(id))
      if (event === 'end') end = { reason: JSON.parse(data).reason, retry: retry ?? 0 }
    }
    if (end?.reason !== 'restarting') throw new Error(`ended with ${JSON.stringify(end)}`)
    log.resumed += 1
    await sleep(end.retry)
  })
  return { seen, ended, stop: () => connection.close() }
}

interface FeedPage {
  items: { id: string; type: string }[]
  nextCursor: string
}

/** Reads the log of the project from `after` on, for as long as `goesOn` says. */
export async function readFeed(
  server: Server,
  after: string,
  goesOn: (page: FeedPage) => boolean,
): Promise<FeedPage['items']> {
  const connection = keepAliveClient(server)
  const items: FeedPage['items'] = []
  for (let cursor = after; ; ) {
    const answer = await connection.call('GET', `/v1/events?limit=200&after=${encodeURIComponent(cursor)}`)
    expectStatus(answer, 200)
    const page: FeedPage = JSON.parse(answer.body)
    items.push(...page.items)
    cursor = page.nextCursor
    if (!goesOn(page)) break
    if (page.items.length === 0) await pause()
  }
  connection.close()
  return items
}
