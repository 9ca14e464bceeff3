import type { CallOptions, Darkroom } from '@darkroom/sdk'

/** Whose keys: of a project that an operator names, or null for the own one. */
export type KeyOwner = string | null

type NewKey = Parameters<Darkroom['keys']['create']>[0]

/** Returns the calls for the keys of an owner. */
export function keyCalls({ keys, admin }: Pick<Darkroom, 'keys' | 'admin'>, owner: KeyOwner) {
  if (owner === null) return keys
  return {
    list: () => admin.keys.listOfProject(owner),
    create: (body: NewKey, options?: CallOptions) => admin.keys.createForProject(owner, body, options),
    rotate: admin.keys.rotate,
    revoke: admin.keys.revoke,
  }
}
