import { appError } from '@darkroom/contracts'
import { countRequest, type Project } from '@darkroom/db/projects'
import type { FastifyReply } from 'fastify'
import type { ApiDeps } from '../deps.ts'
import type { Principal } from './principal.ts'

/** Who was refused, until their minute is over: asking the database again would tell nothing new. */
type Refused = Map<string, { limit: number; untilMs: number }>

const MAX_REFUSED = 10_000

/**
 * Refuses requests beyond the project's limit per minute, all of its keys together; each client token has as many of its
 * own, so that one browser cannot use up what the project's servers need. The count is a row, so it holds over any number of
 * processes; a project without a limit costs nothing.
 */
export function createRateLimit({ database, clock }: Pick<ApiDeps, 'database' | 'clock'>) {
  const refused: Refused = new Map()
  return async (reply: FastifyReply, { project, onlyAssetId }: Principal): Promise<void> => {
    const limit = project?.requestsPerMinute ?? null
    if (!project || limit === null) return
    const subject = onlyAssetId ? `asset:${onlyAssetId}` : subjectOf(project)
    const nowMs = clock.now().getTime()
    const { count, resetSec } = recall(refused, subject, limit, nowMs) ?? (await countRequest(database.db, subject))
    reply.headers({
      'ratelimit-limit': limit,
      'ratelimit-remaining': Math.max(0, limit - count),
      'ratelimit-reset': resetSec,
    })
    if (count <= limit) return
    if (refused.size >= MAX_REFUSED) refused.clear()
    refused.set(subject, { limit, untilMs: nowMs + resetSec * 1000 })
    throw appError('RATE_LIMITED', `The limit of ${limit} requests per minute is exceeded.`, {
      retryAfterSec: resetSec,
    })
  }
}

/**
 * Counts the items of a request that asks for several things at once, each as a request: the first of them is the request itself.
 * @returns how many of them the limit allows
 */
export async function countItems(
  { database }: Pick<ApiDeps, 'database'>,
  reply: FastifyReply,
  { project }: Principal,
  items: number,
): Promise<number> {
  const limit = project?.requestsPerMinute ?? null
  if (!project || limit === null || items <= 1) return items
  const { count, resetSec } = await countRequest(database.db, subjectOf(project), items - 1)
  reply.header('ratelimit-remaining', Math.max(0, limit - count))
  if (count > limit) reply.header('retry-after', resetSec)
  return Math.max(1, items - Math.max(0, count - limit))
}

const subjectOf = ({ id }: Pick<Project, 'id'>): string => `project:${id}`

function recall(
  refused: Refused,
  subject: string,
  limit: number,
  nowMs: number,
): { count: number; resetSec: number } | null {
  const known = refused.get(subject)
  if (!known) return null
  // Over, or the operator has changed the limit.
  if (known.untilMs <= nowMs || known.limit !== limit) {
    refused.delete(subject)
    return null
  }
  return { count: limit + 1, resetSec: Math.ceil((known.untilMs - nowMs) / 1000) }
}
