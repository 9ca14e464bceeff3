import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AssetFeed } from '../asset-feed.ts'

const POLL_MS = 2000

export interface Watched<T> {
  /** What was read. */
  value: T
  etag: string
  isSettled: boolean
  /** After how many seconds a client that polls should ask again. */
  retryAfterSec: number
  assetId: string | null
}

/**
 * Reads until it differs from `If-None-Match`, or without that header until it is settled, or until `waitSec` are over.
 * NOTIFY wakes it at once; a read every two seconds backs that up.
 */
export async function readWithWait<T>(
  request: FastifyRequest,
  feed: AssetFeed,
  waitSec: number,
  read: () => Promise<Watched<T>>,
): Promise<Watched<T>> {
  const deadline = Date.now() + waitSec * 1000
  const known = request.headers['if-none-match']
  for (;;) {
    const current = await read()
    const hasNews = known === undefined ? current.isSettled : !matchesEtag(known, current.etag)
    const remainingMs = deadline - Date.now()
    if (hasNews || remainingMs <= 0 || !current.assetId || request.raw.destroyed || feed.hasEnded) return current
    await feed.nextChange(current.assetId, Math.min(POLL_MS, remainingMs))
  }
}

/** Compares ETags weakly, as RFC 9110 section 13.1.2 defines. */
export function matchesEtag(header: string, etag: string): boolean {
  // What nearly every client sends: the tag as it was given.
  if (header === etag) return true
  const bare = (tag: string) => tag.trim().replace(/^W\//, '')
  return header.trim() === '*' || header.split(',').some(candidate => bare(candidate) === bare(etag))
}

/** Sets the caching headers of a watched representation; true when the client has it already. */
export function setWatchHeaders(
  request: FastifyRequest,
  reply: FastifyReply,
  { etag, isSettled, retryAfterSec }: Pick<Watched<unknown>, 'etag' | 'isSettled' | 'retryAfterSec'>,
): boolean {
  reply.header('etag', etag).header('cache-control', 'private, no-cache')
  if (!isSettled) reply.header('retry-after', retryAfterSec)
  const known = request.headers['if-none-match']
  return known !== undefined && matchesEtag(known, etag)
}

/** Answers 304 with an empty body. `null` would be four bytes of JSON, which no client expects. */
export const sendNotModified = (reply: FastifyReply): FastifyReply => reply.code(304).send()
