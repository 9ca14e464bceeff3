import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether tests take all of their samples: `npm run test:long`. */
    isLongForm: boolean
  }
}

const isLongForm = inject('isLongForm')

/** How many rounds a test takes; every one of them asserts the same. */
export const amount = (short: number, long: number): number => (isLongForm ? long : short)

/** All cases in the long form, otherwise the first of each kind: so every kind of assertion is in both. */
export function samplesOf<T>(cases: readonly T[], kindOf: (one: T) => unknown): T[] {
  const kinds = cases.map(kindOf)
  return cases.filter((_, index) => isLongForm || kinds.indexOf(kinds[index]) === index)
}
