import { type AssetSort, appError } from '@darkroom/contracts'
import type { AfterAsset, AssetRow } from '@darkroom/db'
import { validate as isUuid } from 'uuid'

/** By what a list is sorted, besides the id; null where that says it. */
const VALUE_OF: Record<string, (asset: AssetRow) => AfterAsset['value']> = {
  createdAt: () => null,
  filename: ({ filename }) => filename,
  byteSize: ({ byteSize }) => byteSize,
}
const keyOf = (sort: AssetSort) => sort.replace(/^-/, '')

/** What the cursor of an asset stands for: where the next page begins. */
export const cursorText = (sort: AssetSort, asset: AssetRow): string =>
  JSON.stringify([sort, asset.id, VALUE_OF[keyOf(sort)]?.(asset) ?? null])

/** @throws INVALID_REQUEST when it is not one that we gave for this order */
export function decodeCursor(sort: AssetSort, cursor: string | undefined): AfterAsset | null {
  if (cursor === undefined) return null
  const after = read(sort, cursor)
  if (!after) throw appError('INVALID_REQUEST', 'The cursor is not one that this API gave for this order.')
  return after
}

const TYPE_OF: Record<string, string> = { createdAt: 'object', filename: 'string', byteSize: 'number' }

function read(sort: AssetSort, cursor: string): AfterAsset | null {
  try {
    const [ofSort, id, value] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const isRight = ofSort === sort && isUuid(id) && typeof value === TYPE_OF[keyOf(sort)]
    return isRight && !String(value).includes('\0') ? { id, value } : null
  } catch {
    return null
  }
}
