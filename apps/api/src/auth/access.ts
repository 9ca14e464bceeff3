import type { Scope } from '@darkroom/contracts'
import type { onRequestAsyncHookHandler } from 'fastify'

/** What kinds of credentials there are, by their names in the OpenAPI document. */
export type Credential = 'key' | 'clientToken' | 'operatorKey'

/** Whom a hook lets in. */
export interface Access {
  /** Any one of these; nothing where the path itself is the secret. */
  credentials: Credential[]
  /** What the credential must be allowed to do; a client token has no scopes. */
  scope: Scope | null
}

/** Marks a hook with the access that it enforces, from which the OpenAPI document takes its security requirements. */
export const guard = (access: Access, hook: onRequestAsyncHookHandler): onRequestAsyncHookHandler =>
  Object.assign(hook, { access })

/** Returns the access that the hooks of a route enforce; null for a route that needs no credential. */
export function accessOf(onRequest: unknown): Access | null {
  const guards = [onRequest].flat().filter(hook => typeof hook === 'function' && 'access' in hook)
  return (guards[0] as { access: Access } | undefined)?.access ?? null
}
