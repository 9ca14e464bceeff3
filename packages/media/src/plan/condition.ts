import type { Condition } from '@darkroom/contracts'
import type { Facts } from '../facts.ts'

type Test<Name extends keyof Condition> = (facts: Facts, wanted: NonNullable<Condition[Name]>) => boolean

const TESTS: { [Name in keyof Condition]-?: Test<Name> } = {
  minWidth: (facts, wanted) => (facts.width ?? 0) >= wanted,
  minHeight: (facts, wanted) => (facts.height ?? 0) >= wanted,
  minDurationSec: (facts, wanted) => (facts.durationMs ?? 0) >= wanted * 1000,
  maxDurationSec: (facts, wanted) => (facts.durationMs ?? 0) <= wanted * 1000,
  minPages: (facts, wanted) => (facts.pageCount ?? 1) >= wanted,
  animated: (facts, wanted) => (facts.animated ?? false) === wanted,
  hasAlpha: (facts, wanted) =>
    ((facts.kind === 'image' || facts.kind === 'video') && facts.hasAlpha === true) === wanted,
  hasAudio: (facts, wanted) => (facts.kind === 'audio' || (facts.kind === 'video' && facts.hasAudio)) === wanted,
}

/** Returns whether everything that a variant asks of the file holds. */
export const isMet = (condition: Condition | undefined, facts: Facts): boolean =>
  Object.entries(condition ?? {}).every(
    ([name, wanted]) => wanted === undefined || TESTS[name as keyof Condition](facts, wanted as never),
  )
