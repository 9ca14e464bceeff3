import { z } from 'zod'

/** How many items of a list one answer has at most. */
export const pageLimit = z.coerce
  .number()
  .int()
  .min(1)
  .max(200)
  .default(50)
  .meta({ description: 'Maximum number of items.' })

const cursor = (max: number) =>
  z
    .string()
    .max(max)
    .optional()
    .meta({ description: 'The `nextCursor` of the previous page; leave it out for the first page.' })

/** What the query of every list has. */
export const pageQuery = { limit: pageLimit, cursor: cursor(500) }

/** The same of a list by a name, which the cursor then holds. */
export const pageQueryByName = { ...pageQuery, cursor: cursor(2000) }

/** Returns one page of a list. */
export const pageOf = <T extends z.ZodType>(item: T, id: string) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() }).meta({ id })
