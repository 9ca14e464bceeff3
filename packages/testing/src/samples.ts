import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether tests take all of their samples: `npm run test:long`. */
    isLongForm: boolean
  }
}

export const isLongForm = inject('isLongForm')

/** Returns how many samples tests take in the long form and in the short one. Every sample asserts the same. */
export const samplesIn = (isLong: boolean) => ({
  /** Of rounds, requests, moments. */
  amount: (short: number, long: number): number => (isLong ? long : short),

  /** All cases in the long form, otherwise the first of each kind: so every kind of assertion is in both. */
  samplesOf<T>(cases: readonly T[], kindOf: (one: T) => unknown): T[] {
    const kinds = cases.map(kindOf)
    return cases.filter((_, index) => isLong || kinds.indexOf(kinds[index]) === index)
  },

  /** Every pair of two lists in the long form, otherwise as few pairs as have each item of either list. */
  pairsOf<A, B>(ones: readonly A[], others: readonly B[]): [A, B][] {
    if (isLong) return ones.flatMap(one => others.map((other): [A, B] => [one, other]))
    const count = ones.length === 0 || others.length === 0 ? 0 : Math.max(ones.length, others.length)
    return Array.from({ length: count }, (_, n) => [ones[n % ones.length] as A, others[n % others.length] as B])
  },
})

export const { amount, samplesOf, pairsOf } = samplesIn(isLongForm)
