import { AwsV4Signer } from 'aws4fetch'

const MAX_LIFE_SEC = 604_800
/** How far the clock of the API may be ahead. */
const MAX_AHEAD_SEC = 900

/** The key with which the API signs URLs: its B2 key. */
export interface SigningKey {
  B2_KEY_ID: string
  B2_APPLICATION_KEY: string
  B2_REGION: string
}

export type Verdict = { isValid: true; expiresAtSec: number } | { isValid: false; reason: string }

const INVALID: Verdict = { isValid: false, reason: 'This URL is not signed, or was changed.' }
const EXPIRED: Verdict = { isValid: false, reason: 'This URL has expired. Ask for a new one.' }

/** Verifies a presigned GET (AWS signature version 4 in the query). `nowSec` is in seconds since 1970. */
export async function verifySignedUrl(url: URL, key: SigningKey, nowSec: number): Promise<Verdict> {
  const query = url.searchParams
  const names = [...query.keys()]
  const datetime = query.get('X-Amz-Date') ?? ''
  const signedAtSec = secondsOf(datetime)
  const lifeSec = Number(query.get('X-Amz-Expires'))
  const isWellFormed =
    new Set(names).size === names.length &&
    query.get('X-Amz-SignedHeaders') === 'host' &&
    Number.isInteger(lifeSec) &&
    lifeSec >= 1 &&
    lifeSec <= MAX_LIFE_SEC &&
    signedAtSec <= nowSec + MAX_AHEAD_SEC
  if (!isWellFormed) return INVALID
  const expected = await signatureOf(url, key, datetime)
  if (!isSame(query.get('X-Amz-Signature') ?? '', expected)) return INVALID
  const expiresAtSec = signedAtSec + lifeSec
  return nowSec < expiresAtSec ? { isValid: true, expiresAtSec } : EXPIRED
}

async function signatureOf(url: URL, key: SigningKey, datetime: string): Promise<string> {
  const unsigned = new URL(url)
  unsigned.searchParams.delete('X-Amz-Signature')
  const signer = new AwsV4Signer({
    url: unsigned.href,
    accessKeyId: key.B2_KEY_ID,
    secretAccessKey: key.B2_APPLICATION_KEY,
    service: 's3',
    region: key.B2_REGION,
    datetime,
    signQuery: true,
  })
  const signed = await signer.sign()
  return signed.url.searchParams.get('X-Amz-Signature') ?? ''
}

/** Returns the seconds since 1970 of `20260301T120000Z`; NaN for anything else. */
function secondsOf(datetime: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(datetime) ?? []
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000
}

/** Compares in a time that does not tell where two texts differ. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map(text => new TextEncoder().encode(text))
  return a !== undefined && b !== undefined && a.length === b.length && crypto.subtle.timingSafeEqual(a, b)
}
