import { z } from 'zod'

/** How many items of a list one answer has at most. */
export const pageLimit = z.coerce.number().int().min(1).max(200).default(50)

/** What the query of every list has; the cursor is the `nextCursor` of the page before. */
export const pageQuery = { limit: pageLimit, cursor: z.string().max(500).optional() }

/** The same of a list by a name, which the cursor then holds. */
export const pageQueryByName = { ...pageQuery, cursor: z.string().max(2000).optional() }

/** One page of a list. */
export const pageOf = <T extends z.ZodType>(item: T, id: string) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() }).meta({ id })
