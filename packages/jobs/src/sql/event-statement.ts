import { eventCte } from '@darkroom/db/events'
import { type SQL, sql } from 'drizzle-orm'

interface EventStatement {
  /** Table expressions, among them `asset`, which answers the changed row. */
  parts: SQL
  /** The type of the event and its data; both may use the columns of `asset`. */
  event: { type: SQL; data?: SQL }
  /** The rows to answer: `notified` has one when the asset was changed. */
  answer: SQL
}

/** Makes the statement of a claim or a run that changes its asset: the event of the change is appended with it, or neither is. */
export const eventStatement = ({ parts, event, answer }: EventStatement): SQL =>
  sql`WITH ${parts}, ${eventCte(event.type, event.data)} ${answer}`
