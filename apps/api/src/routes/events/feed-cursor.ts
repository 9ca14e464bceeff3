import { appError } from '@darkroom/contracts'
import type { FeedPosition } from '@darkroom/db'

// An id of a transaction has 64 bits, one of an event 53.
const CURSOR = /^(\d{1,19})\.(\d{1,15})$/

export const encodeFeedCursor = ({ xid, id }: FeedPosition): string => Buffer.from(`${xid}.${id}`).toString('base64url')

/** @throws INVALID_REQUEST for one that this API did not give */
export function decodeFeedCursor(cursor: string): FeedPosition {
  const [, xid, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (!xid || !id) throw appError('INVALID_REQUEST', '`after` is not a cursor that this API gave.')
  return { xid, id: Number(id) }
}
