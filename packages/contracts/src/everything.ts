import { z } from 'zod'

/** Whether a filter names anything at all; one that does not would mean everything. */
export const hasCondition = (filter: object): boolean => Object.values(filter).some(value => value !== undefined)

/** What a request says that means everything: an empty filter may be a slip. */
export const all = z
  .boolean()
  .default(false)
  .meta({ description: 'Needed where no condition is named: everything is meant then.' })

export const NEEDS_ALL = 'expected `"all": true` where no condition is named, because everything is meant then'
