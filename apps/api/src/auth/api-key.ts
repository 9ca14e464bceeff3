import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const KEY = /^d[ko]_([A-Za-z0-9]{8})_[A-Za-z0-9_-]{43}$/

const shortId = () => Array.from(randomBytes(8), byte => ALPHABET[byte % ALPHABET.length]).join('')

export const hashKey = (key: string): string => hash('sha256', key)

/** Generates a key, `dk_<8 characters>_<43 characters>`, or `do_…` for an operator. Only its hash is stored. */
export function generateKey(kind: 'project' | 'operator'): { key: string; shortId: string; hash: string } {
  const id = shortId()
  const key = `${kind === 'operator' ? 'do' : 'dk'}_${id}_${randomBytes(32).toString('base64url')}`
  return { key, shortId: id, hash: hashKey(key) }
}

/** Returns the public part of a key; null when the text is not a key. */
export const shortIdOf = (key: string): string | null => KEY.exec(key)?.[1] ?? null

export const hashesEqual = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
