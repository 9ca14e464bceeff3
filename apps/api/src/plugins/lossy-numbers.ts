/** A number that JSON can say and a double cannot hold: it would come back as another one. */
interface LossyNumber {
  path: string[]
  /** As it was written. */
  source: string
}

class Changed {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

const INTEGER = /^-?\d+$/

/**
 * Tells whether a number was changed by parsing: it exceeds every double, or is a written integer, such as an id,
 * between two doubles.
 */
const isChanged = (value: number, source: string): boolean =>
  !Number.isFinite(value) || (INTEGER.test(source) && BigInt(source) !== BigInt(value))

/** The reviver's third argument, which the types do not know yet: https://tc39.es/proposal-json-parse-with-source/ */
type Reviver = (name: string, value: unknown, context: { source?: string }) => unknown
const parse = JSON.parse as unknown as (text: string, reviver: Reviver) => unknown

/** Finds the numbers of a JSON text that lost precision in `value`, which was parsed from it. */
export function lossyNumbers(text: string, value: unknown): LossyNumber[] {
  // Nearly always there is no large number at all, and the text need not be read again.
  if (!hasLarge(value)) return []
  const marked = parse(text, (_name, each, { source }) =>
    typeof each === 'number' && source !== undefined && isChanged(each, source) ? new Changed(source) : each,
  )
  return [...found(marked, [])]
}

const hasLarge = (value: unknown): boolean =>
  typeof value === 'number'
    ? Math.abs(value) > Number.MAX_SAFE_INTEGER
    : typeof value === 'object' && value !== null && Object.values(value).some(hasLarge)

function* found(value: unknown, path: string[]): Generator<LossyNumber> {
  if (value instanceof Changed) yield { path, source: value.source }
  else if (typeof value === 'object' && value !== null)
    for (const [name, child] of Object.entries(value)) yield* found(child, [...path, name])
}
