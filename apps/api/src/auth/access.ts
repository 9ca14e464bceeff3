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

/** A hook that says whom it lets in, so that the OpenAPI document says what is enforced. */
export const guard = (access: Access, hook: onRequestAsyncHookHandler): onRequestAsyncHookHandler =>
  Object.assign(hook, { access })

/** Whom the hooks of a route let in; null where nobody is asked. */
export function accessOf(onRequest: unknown): Access | null {
  const guards = [onRequest].flat().filter(hook => typeof hook === 'function' && 'access' in hook)
  return (guards[0] as { access: Access } | undefined)?.access ?? null
}
