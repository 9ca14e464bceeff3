import type { KeyCreated } from '@darkroom/contracts'
import type { Database, Tx } from '@darkroom/db/client'
import { type ApiKey, getApiKey, type KeySecret } from '@darkroom/db/projects'
import type { FastifyReply } from 'fastify'
import type { Changed } from '../../audit/audited.ts'
import { generateKey } from '../../auth/api-key.ts'
import type { Work } from '../../idempotency/idempotent.ts'
import { presentKey } from '../../presenters/project.ts'
import { raise } from '../route.ts'
import type { AccessScope } from './access-scopes.ts'

interface NewKey {
  row: ApiKey
  /** Null when it was made by an earlier request: it is kept nowhere. */
  key: string | null
}

/** Makes a key once. Whoever repeats the request is told of the same key, without its secret. */
export function newKeyWork(
  db: Database,
  insert: (tx: Tx, secret: KeySecret) => Promise<ApiKey | null>,
  kind: 'project' | 'operator' = 'project',
): Work<NewKey, string> {
  const { key, shortId, hash } = generateKey(kind)
  return {
    perform: commit =>
      commit(async tx => ({ row: (await insert(tx, { shortId, hash })) ?? raise('NOT_FOUND', NO_KEY), key })),
    outcomeOf: ({ row }) => row.id,
    recall: async id => ({ row: (await getApiKey(db, { id })) ?? raise('NOT_FOUND', NO_KEY), key: null }),
  }
}

/** Returns what the audit log says of a change of a key: the short id, by which it names who makes changes as well. */
export const changedKey = ({ shortId, projectId }: ApiKey): Changed => ({ target: shortId, projectId })

export const NO_KEY = 'No active API key with this id.'

/** Answers with a key that was just made, where it can be revoked. */
export function sendNewKey(
  reply: FastifyReply,
  { path }: Pick<AccessScope, 'path'>,
  { row, key }: NewKey,
): FastifyReply {
  const made: KeyCreated = { ...presentKey(row), key }
  return reply
    .code(201)
    .headers({ location: `${path}/${row.id}`, 'cache-control': 'no-store' })
    .send(made)
}
