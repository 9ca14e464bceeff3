import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a browser may do without a key: renew, confirm, read and follow this one asset. */
export interface ClientTokenClaims {
  assetId: string
  projectId: string
  /** Seconds since 1970. */
  expiresAt: number
}

const sign = (payload: string, secret: string) =>
  createHmac('sha256', secret).update(`client-token.${payload}`).digest()

/** Issues a token `dt_<claims>.<HMAC-SHA256>`, both parts in base64url. */
export function issueClientToken(claims: ClientTokenClaims, secret: string): string {
  const payload = Buffer.from(JSON.stringify([claims.assetId, claims.projectId, claims.expiresAt])).toString(
    'base64url',
  )
  return `dt_${payload}.${sign(payload, secret).toString('base64url')}`
}

/** Returns the claims of a token that we signed and that has not expired; else null. */
export function readClientToken(token: string, secret: string, now: Date): ClientTokenClaims | null {
  const [, payload, signature] = /^dt_([\w-]+)\.([\w-]{43})$/.exec(token) ?? []
  if (!payload || !signature) return null
  const given = Buffer.from(signature, 'base64url')
  const expected = sign(payload, secret)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  const [assetId, projectId, expiresAt] = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return expiresAt * 1000 > now.getTime() ? { assetId, projectId, expiresAt } : null
}
