import type { Operation } from './document.ts'
import type { FuzzRequest } from './request.ts'
import type { Answer } from './send.ts'
import type { World } from './world.ts'

/** Where the ids of a named part of an answer are asked for. */
const KINDS: Record<string, string> = { asset: 'assets', upload: 'uploads', job: 'jobs', backfill: 'backfills' }

/** Kinds that are listed below something and reached without it. */
const FLAT = new Set(['keys'])

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Keeps the ids that an answer tells, for requests to come. */
export function harvest(
  { pool, projectId }: World,
  { path }: Operation,
  { actor, target }: FuzzRequest,
  answer: Answer,
): void {
  const { owner } = actor
  if (owner === null || answer.status >= 300 || !answer.headers['content-type']?.includes('json')) return
  const body: unknown = JSON.parse(answer.body)
  if (!isObject(body)) return
  const kind = path.split('/').at(-1) ?? ''
  const above = FLAT.has(kind) ? [] : idsIn(path, target)
  const keep = (of: string, item: unknown) => {
    if (!isObject(item) || typeof item.id !== 'string') return
    // An operator is told of every project.
    const isForeign = typeof item.projectId === 'string' && item.projectId !== projectId
    pool.add(isForeign ? 'other' : owner, of, of === kind ? [...above, item.id] : [item.id])
  }
  for (const item of Array.isArray(body.items) ? body.items : [body]) keep(kind, item)
  for (const [name, of] of Object.entries(KINDS)) keep(of, body[name])
  if (typeof body.nextCursor === 'string') pool.add(owner, 'cursors', [body.nextCursor])
  if (typeof body.url === 'string' && body.url.includes('/s/')) pool.add(owner, 's', [body.url.split('/s/')[1] ?? ''])
}

/** Extracts the ids with which a path was filled. */
function idsIn(path: string, target: string): string[] {
  const parts = (target.split('?')[0] ?? '').split('/')
  return path.split('/').flatMap((part, index) => (part.startsWith('{') ? [parts[index] ?? ''] : []))
}
