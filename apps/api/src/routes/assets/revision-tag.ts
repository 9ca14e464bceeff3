import { appError } from '@darkroom/contracts'
import type { Revisions } from '@darkroom/db/assets'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Principal } from '../../auth/principal.ts'

/**
 * Returns the ETag: the revision of the asset, and the delivery revision of the project once that changed. The URLs of
 * variants depend on the second, and no row of the asset has it.
 */
export function etagOf({ revision }: { revision: number }, { project }: Pick<Principal, 'project'>): string {
  const delivery = project?.deliveryRevision ?? 0
  return delivery === 0 ? `W/"${revision}"` : `W/"${revision}.${delivery}"`
}

/** For operations that change an asset only as long as it is what the client has seen. */
export const IfMatchHeaders = z.looseObject({
  'if-match': z.string().optional().meta({
    description:
      'The `ETag` of the asset that you read. If the asset has changed since, the request fails with 412 and changes nothing.',
    example: 'W/"7"',
  }),
})

/** RFC 9110 section 8.8.3: what is between the quotes has no quote in it. */
const TAGS = /^\s*(?:W\/)?"[^"]*"\s*(?:,\s*(?:W\/)?"[^"]*"\s*)*$/
const REVISION = /"(\d{1,9})(?:\.\d+)?"/g

/**
 * Revisions of which `If-Match` wants one; null without the header, and for `*`, which any asset has. Ours are weak, because an
 * answer is rendered afresh each time, and stand for a revision all the same: so they are compared by what is in them.
 * @throws INVALID_REQUEST for a header that has no tags
 */
export function revisionsOf({ headers }: Pick<FastifyRequest, 'headers'>): Revisions {
  const header = headers['if-match']
  if (header === undefined || header.trim() === '*') return null
  if (!TAGS.test(header))
    throw appError('INVALID_REQUEST', 'If-Match must be an ETag of the asset, such as W/"7", or *.')
  return [...header.matchAll(REVISION)].map(([, revision]) => Number(revision))
}
