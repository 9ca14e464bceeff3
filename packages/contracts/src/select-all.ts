import { z } from 'zod'

/** Returns whether a filter names anything at all; one that does not would mean everything. */
export const hasCondition = (filter: object): boolean => Object.values(filter).some(value => value !== undefined)

/** What a request says that means everything: an empty filter may be a slip. */
export const all = z
  .boolean()
  .default(false)
  .meta({ description: 'Required when there is no condition, because everything is then selected.' })

export const NEEDS_ALL = 'expected `"all": true` when there is no condition, because everything is then selected'
