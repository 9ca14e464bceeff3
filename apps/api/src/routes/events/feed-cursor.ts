import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { appError } from '@darkroom/contracts'
import type { FeedPosition } from '@darkroom/db/events'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const POSITION_BYTES = 16
const TAG_BYTES = 16

/** As cursors were before they were sealed. */
const UNSEALED = /^\d{1,19}\.\d{1,15}$/

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', 'darkroom feed cursors', 32))

/**
 * Encodes and encrypts a position of the feed as a cursor for clients. Its numbers would reveal the activity of all
 * projects.
 */
export function encodeFeedCursor({ xid, id }: FeedPosition, secret: string): string {
  const position = Buffer.alloc(POSITION_BYTES)
  position.writeBigUInt64BE(BigInt(xid))
  position.writeBigUInt64BE(BigInt(id), 8)
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, keyOf(secret), nonce)
  return Buffer.concat([nonce, cipher.update(position), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/**
 * Tells whether a cursor is of the old, unencrypted form. Anybody can make one, and the answer would reveal where the
 * log is; so its numbers are ignored.
 */
export const isUnsealed = (cursor: string): boolean => UNSEALED.test(Buffer.from(cursor, 'base64url').toString())

/** @throws INVALID_REQUEST for one that this API did not give, or gave under another `DARKROOM_SECRET` */
export function decodeFeedCursor(cursor: string, secret: string): FeedPosition {
  const position = unseal(Buffer.from(cursor, 'base64url'), secret)
  if (!position) throw appError('INVALID_REQUEST', '`after` is not a valid cursor.')
  return { xid: String(position.readBigUInt64BE()), id: Number(position.readBigUInt64BE(8)) }
}

function unseal(bytes: Buffer, secret: string): Buffer | null {
  if (bytes.length !== NONCE_BYTES + POSITION_BYTES + TAG_BYTES) return null
  const decipher = createDecipheriv(CIPHER, keyOf(secret), bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch {
    return null
  }
}
