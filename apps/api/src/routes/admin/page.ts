import { appError } from '@darkroom/contracts'
import { validate as isUuid } from 'uuid'

/** The id that a cursor stands for. @throws INVALID_REQUEST for one that this API did not give */
export function decodeCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null
  const id = Buffer.from(cursor, 'base64url').toString()
  if (!isUuid(id)) throw appError('INVALID_REQUEST', 'The cursor is not one that this API gave.')
  return id
}

/** A page out of rows of which one more was read than fits, which tells whether there is a next page. */
export function toPage<T>(rows: T[], limit: number, idOfRow: (row: T) => string) {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const nextCursor = rows.length > limit && last ? Buffer.from(idOfRow(last)).toString('base64url') : null
  return { items, nextCursor }
}
