import { type AssetSort, appError } from '@darkroom/contracts'
import type { AssetPlace } from '@darkroom/db/assets'
import { validate as isUuid } from 'uuid'

const keyOf = (sort: AssetSort) => sort.replace(/^-/, '')

/** Encodes where the next page of a sorted list begins. */
export const encodeCursor = (sort: AssetSort, { id, value }: AssetPlace): string =>
  Buffer.from(JSON.stringify([sort, id, value])).toString('base64url')

/** @throws INVALID_REQUEST when it is not one that we gave for this order */
export function decodeCursor(sort: AssetSort, cursor: string | undefined): AssetPlace | null {
  if (cursor === undefined) return null
  const after = read(sort, cursor)
  if (!after) throw appError('INVALID_REQUEST', 'The cursor is not valid for this sort order.')
  return after
}

const TYPE_OF: Record<string, string> = { createdAt: 'object', filename: 'string', byteSize: 'number' }

function read(sort: AssetSort, cursor: string): AssetPlace | null {
  try {
    const [ofSort, id, value] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const isRight = ofSort === sort && isUuid(id) && typeof value === TYPE_OF[keyOf(sort)]
    return isRight && !String(value).includes('\0') ? { id, value } : null
  } catch {
    return null
  }
}
