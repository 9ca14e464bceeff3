import type { Modules, Span } from './modules.ts'

/** The functions that ran, by file. */
export type RanFunctions = ReadonlyMap<string, readonly Span[]>

/** A file that uses a function of a file in another package. */
export interface Crossing {
  from: string
  to: string
}

/** What every package may use, as it uses Node: errors, ids, types and tables. Using them crosses nothing. */
const FOUNDATION = new Set(['packages/core', 'packages/contracts'])

export const packageOf = (file: string): string => file.split('/').slice(0, 2).join('/')

/**
 * Finds the pairs of files in which the first imports a function of the second from another package, and both ran. A
 * function ran when it or a function inside of it did, so a factory stands for the methods that it returns.
 */
export function findCrossings(ran: RanFunctions, { importsOf }: Modules): Crossing[] {
  const found = new Map<string, Crossing>()
  for (const from of ran.keys()) {
    for (const { definition } of importsOf(from)) {
      if (!definition?.span || packageOf(definition.file) === packageOf(from)) continue
      if (FOUNDATION.has(packageOf(definition.file))) continue
      const { file: to, span } = definition
      if (ran.get(to)?.some(one => isInside(one, span))) found.set(`${from} ${to}`, { from, to })
    }
  }
  return [...found.values()]
}

const isInside = (inner: Span, outer: Span) => inner.start >= outer.start && inner.end <= outer.end

/** Returns what ran in one and not in the other. */
export function without(ran: RanFunctions, other: RanFunctions): RanFunctions {
  const left = [...ran].map(([file, functions]) => {
    const known = new Set(other.get(file)?.map(({ start }) => start))
    return [file, functions.filter(({ start }) => !known.has(start))] as const
  })
  return new Map(left.filter(([, functions]) => functions.length > 0))
}
