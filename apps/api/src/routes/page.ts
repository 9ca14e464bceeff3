import { appError } from '@darkroom/contracts'
import { validate as isUuid } from 'uuid'

/**
 * Returns what a cursor stands for: an id, unless `isOurs` accepts something else.
 * @throws INVALID_REQUEST for a cursor that this API did not issue
 */
export function decodeCursor(cursor: string | undefined, isOurs: (text: string) => boolean = isUuid): string | null {
  if (cursor === undefined) return null
  const text = Buffer.from(cursor, 'base64url').toString()
  if (!isOurs(text)) throw appError('INVALID_REQUEST', 'The cursor is not valid.')
  return text
}

/** Encodes what a cursor stands for. */
export const encodeCursor = (text: string): string => Buffer.from(text).toString('base64url')

/**
 * Makes a page of rows. One row more than fits must have been read, which tells whether there is a next page.
 * @param cursorText what the cursor of a row stands for
 */
export function toPage<T>(rows: T[], limit: number, cursorText: (row: T) => string) {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const nextCursor = rows.length > limit && last ? encodeCursor(cursorText(last)) : null
  return { items, nextCursor }
}
