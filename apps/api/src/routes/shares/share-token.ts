import { createHash, randomBytes } from 'node:crypto'

/** Generates a token of 256 random bits. */
export const newShareToken = (): string => randomBytes(32).toString('base64url')

/** Returns the hash that is stored for a token. The token is random, so a plain hash cannot be reversed. */
export const hashShareToken = (token: string): string => createHash('sha256').update(token).digest('hex')
