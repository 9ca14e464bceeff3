import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits. */
export const newShareToken = (): string => randomBytes(32).toString('base64url')

/** What is kept of a token: it is random, so that a plain hash cannot be turned back. */
export const hashShareToken = (token: string): string => createHash('sha256').update(token).digest('hex')
