import { randomBytes } from 'node:crypto'
import { v7 } from 'uuid'

/** Creates a UUIDv7: unique, and sorts by the time it was made. */
export const newId = (): string => v7()

/** Returns 128 random bits as 22 URL-safe characters: the part of an object key that nobody can guess. */
export const randomToken = (bytes = 16): string => randomBytes(bytes).toString('base64url')
