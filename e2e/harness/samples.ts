import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether tests take all of their samples: `npm run test:long`. */
    isLongForm: boolean
  }
}

const isLongForm = inject('isLongForm')

/** Returns the number of rounds of a test in the short or in the long form. Every round asserts the same. */
export const amount = (short: number, long: number): number => (isLongForm ? long : short)

/** Returns all cases in the long form, else the first of each kind, so that both forms have every kind of assertion. */
export function samplesOf<T>(cases: readonly T[], kindOf: (one: T) => unknown): T[] {
  const kinds = cases.map(kindOf)
  return cases.filter((_, index) => isLongForm || kinds.indexOf(kinds[index]) === index)
}
