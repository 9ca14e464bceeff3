import type { Access, Credential } from '../auth/access.ts'

const bearer = (description: string) => ({ type: 'http', scheme: 'bearer', description }) as const

export const SECURITY_SCHEMES = {
  key: bearer('API key of a project, `dk_…`. Each operation names the scope that it needs.'),
  clientToken: bearer(
    'The `clientToken` of an upload, `dt_…`: short-lived, for browsers. It gives access to this asset only.',
  ),
  operatorKey: bearer('Operator key, `do_…`. It does not belong to a project, and has access to all projects.'),
} satisfies Record<Credential, unknown>

/**
 * Returns the security requirement of an operation, with the scope as a role: OpenAPI 3.1 allows roles for every kind
 * of scheme.
 */
export const securityOf = (access: Access | null): Record<string, string[]>[] =>
  (access?.credentials ?? []).map(credential => ({ [credential]: scopesOf(access, credential) }))

const scopesOf = (access: Access | null, credential: Credential): string[] =>
  access?.scope && credential !== 'clientToken' ? [access.scope] : []

/** Describes the same as a sentence, because most readers of the document see no roles. */
export function accessText(access: Access | null): string {
  if (!access) return 'Needs no API key.'
  const { credentials, scope } = access
  const names: Record<Credential, string> = {
    key: scope ? `an API key with the scope \`${scope}\`` : 'an API key',
    clientToken: 'the client token of the asset',
    operatorKey: 'an operator key',
  }
  if (credentials.length === 0) return 'Needs no API key: the token in the path gives access.'
  return `Needs ${credentials.map(credential => names[credential]).join(', or ')}.`
}
