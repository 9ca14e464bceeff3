import type { Access, Credential } from '../auth/access.ts'

const bearer = (description: string) => ({ type: 'http', scheme: 'bearer', description }) as const

export const SECURITY_SCHEMES = {
  key: bearer('A key of a project, `dk_…`. Each operation names the scope that the key needs.'),
  clientToken: bearer(
    'The `clientToken` of an upload, `dt_…`: short-lived, for browsers. It reaches this one asset and nothing else.',
  ),
  operatorKey: bearer('A key of an operator, `do_…`. It belongs to no project and reaches what belongs to all.'),
} satisfies Record<Credential, unknown>

/** Whom an operation lets in, with the scope as a role, which OpenAPI 3.1 allows for every kind of scheme. */
export const securityOf = (access: Access | null): Record<string, string[]>[] =>
  (access?.credentials ?? []).map(credential => ({ [credential]: scopesOf(access, credential) }))

const scopesOf = (access: Access | null, credential: Credential): string[] =>
  access?.scope && credential !== 'clientToken' ? [access.scope] : []

/** The same as a sentence, because most readers of documents show no roles. */
export function accessText(access: Access | null): string {
  if (!access) return 'Needs no key.'
  const { credentials, scope } = access
  const names: Record<Credential, string> = {
    key: `a key with the scope \`${scope}\``,
    clientToken: 'the client token of the asset',
    operatorKey: 'a key of an operator',
  }
  if (credentials.length === 0) return 'Needs no key: the token in the path is one.'
  return `Needs ${credentials.map(credential => names[credential]).join(', or ')}.`
}
