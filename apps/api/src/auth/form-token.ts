import { createHmac, timingSafeEqual } from 'node:crypto'
import type { CreateForm } from '@darkroom/contracts'

/** What a form may do without a key: upload files for a project, as its server has said. */
export interface FormClaims {
  projectId: string
  /** Seconds since 1970. */
  expiresAt: number
  form: CreateForm
}

const sign = (payload: string, secret: string) => createHmac('sha256', secret).update(`form-token.${payload}`).digest()

/** Issues a token `df_<claims>.<HMAC-SHA256>`, both parts in base64url. */
export function issueFormToken(claims: FormClaims, secret: string): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return `df_${payload}.${sign(payload, secret).toString('base64url')}`
}

/** Returns the claims of a token that we signed and that has not expired; else null. */
export function readFormToken(token: string, secret: string, now: Date): FormClaims | null {
  const [, payload, signature] = /^df_([\w-]+)\.([\w-]{43})$/.exec(token) ?? []
  if (!payload || !signature) return null
  const given = Buffer.from(signature, 'base64url')
  const expected = sign(payload, secret)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as FormClaims
  return claims.expiresAt * 1000 > now.getTime() ? claims : null
}
