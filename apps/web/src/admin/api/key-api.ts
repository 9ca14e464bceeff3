import type { ApiKey, KeyCreated, Scope } from '@darkroom/contracts'
import type { Send, SendOnce } from './send.ts'

export interface NewKey {
  name: string
  scopes: Scope[]
  /** UTC, ISO 8601; null is never. */
  expiresAt: string | null
}

/** Whose keys: of a project that an operator names, or null for the own one. */
export type KeyOwner = string | null

export function createKeyApi(send: Send, sendOnce: SendOnce) {
  const all = (owner: KeyOwner) => (owner ? `/v1/admin/projects/${owner}/keys` : '/v1/keys')
  const one = (owner: KeyOwner, id: string) => (owner ? `/v1/admin/keys/${id}` : `/v1/keys/${id}`)
  return {
    listKeys: async (owner: KeyOwner) => (await send<{ items: ApiKey[] }>('GET', all(owner))).items,
    createKey: (owner: KeyOwner, body: NewKey) => sendOnce<KeyCreated>(all(owner), body),
    rotateKey: (owner: KeyOwner, id: string, overlapSec: number) =>
      sendOnce<KeyCreated>(`${one(owner, id)}/rotate`, { overlapSec }),
    revokeKey: (owner: KeyOwner, id: string) => send<undefined>('DELETE', one(owner, id)),
  }
}
