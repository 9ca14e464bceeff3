import { createHmac, timingSafeEqual } from 'node:crypto'
import { parse, stringify, validate } from 'uuid'

/** Who has it sees the variants of this one asset, as part of a URL: tags of a page send no header. */
export interface ViewClaims {
  assetId: string
  projectId: string
  /** Seconds since 1970. */
  expiresAt: number
}

const ID_BYTES = 16
const TIME_BYTES = 6
const CLAIM_BYTES = 2 * ID_BYTES + TIME_BYTES

const sign = (claims: Buffer, secret: string) => createHmac('sha256', secret).update('view.').update(claims).digest()

/** Issues a token of ids, time and HMAC-SHA256 in base64url: 94 characters, which fit into one segment of a path. */
export function issueViewToken({ assetId, projectId, expiresAt }: ViewClaims, secret: string): string {
  const time = Buffer.alloc(TIME_BYTES)
  time.writeUIntBE(expiresAt, 0, TIME_BYTES)
  const claims = Buffer.concat([parse(assetId), parse(projectId), time])
  return Buffer.concat([claims, sign(claims, secret)]).toString('base64url')
}

/** Returns the claims of a token that we signed, even when it has expired; else null. */
export function readViewToken(token: string, secret: string): ViewClaims | null {
  const bytes = Buffer.from(token, 'base64url')
  const [claims, given] = [bytes.subarray(0, CLAIM_BYTES), bytes.subarray(CLAIM_BYTES)]
  const expected = sign(claims, secret)
  // One text for one token: base64 would be lenient with its last character.
  if (given.length !== expected.length || bytes.toString('base64url') !== token) return null
  if (!timingSafeEqual(given, expected)) return null
  const [assetId, projectId] = [claims.subarray(0, ID_BYTES), claims.subarray(ID_BYTES, 2 * ID_BYTES)].map(id =>
    stringify(id),
  )
  if (!validate(assetId) || !validate(projectId)) return null
  return { assetId, projectId, expiresAt: claims.readUIntBE(2 * ID_BYTES, TIME_BYTES) } as ViewClaims
}
