import { createHash } from 'node:crypto'
import { appError } from '@darkroom/contracts'
import type { IdempotentRequest } from '@darkroom/db/projects'
import type { FastifyRequest } from 'fastify'

/** Visible ASCII, as a UUID or a quoted string of the draft is. */
const KEY = /^[\x21-\x7e]{1,255}$/

/**
 * Returns what identifies a request with an `Idempotency-Key`; null without the header. The ids of the path count, so
 * that the same key for another asset is another request.
 * @throws INVALID_REQUEST for a malformed key
 */
export function idempotentRequestOf(request: FastifyRequest): IdempotentRequest | null {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key !== 'string' || !KEY.test(key))
    throw appError('INVALID_REQUEST', 'Idempotency-Key must have 1 to 255 visible ASCII characters, such as a UUID.')
  const [path = ''] = request.url.split('?')
  return {
    projectId: request.principal.projectId,
    // An id is the same in capitals, and nothing else of a path may have any.
    route: `${request.method} ${path.toLowerCase()}`,
    key,
    fingerprint: fingerprintOf([request.query ?? null, request.body ?? null]),
  }
}

/** Returns what identifies one of several things that are asked for together, as if its body alone had been sent to `route`. */
export const idempotentItemOf = (
  { principal }: FastifyRequest,
  { route, key, body }: { route: string; key: string; body: unknown },
): IdempotentRequest => ({ projectId: principal.projectId, route, key, fingerprint: fingerprintOf([{}, body]) })

/** Hashes the parsed request: spaces and the order of fields do not matter. */
const fingerprintOf = (asked: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(asked)))
    .digest('hex')

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, sorted(item)]),
  )
}
