import type { AssetFacts } from '@darkroom/db/operations'

/** Why an asset is where it is, and what comes next. */
export interface Why {
  /** One sentence; null when nothing is in the way. */
  blockedBy: string | null
  /** What happens by itself, or what a person can do. */
  nextAction: string
}

/** Null when it is not this that decides. The first rule that knows an answer gives it. */
export type Rule = (facts: AssetFacts) => Why | null

/** Formats a time to the second in UTC, as logs do. */
export const at = (moment: Date): string => moment.toISOString().replace(/\.\d+Z$/, 'Z')

/** Returns a number with its noun, in the plural where that is due. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
