/** By the id of each element, `ROOT` for the whole: what is in it and not in another element with an id. */
export type References = ReadonlyMap<string, readonly Reference[]>

export interface Reference {
  /** The id of an element. */
  target: string
  /**
   * `copy` draws the target in its place, as `<use>` does; `paint` is drawn with it, as with a pattern or a mask; `part` is where the
   * target stands itself. An `svg` is a document of its own that is drawn in its place.
   */
  by: 'copy' | 'paint' | 'part' | { svg: References }
}

export const ROOT = ''

/** Nobody draws by references of references so deep. */
const MAX_DEPTH = 1000

/**
 * Counts how many elements the references of an SVG stand for: ten of ten of ten multiply, until to draw them takes minutes. Many
 * elements may be painted alike, so that a paint counts only with what is inside of it, but where it is a part of what is repeated.
 * @returns `Infinity` for references deeper than anybody draws
 */
export function referredElements(references: References): number {
  const counted = new Map<string, number>()
  const count = (id: string, isRepeated: boolean, depth: number): number => {
    if (depth > MAX_DEPTH) return Infinity
    const key = `${isRepeated} ${id}`
    const known = counted.get(key)
    if (known !== undefined) return known
    // What refers to itself is not drawn again.
    counted.set(key, 0)
    let total = 0
    for (const { target, by } of references.get(id) ?? []) {
      if (by === 'part') total += count(target, isRepeated, depth + 1)
      else if (typeof by === 'object') total += 1 + referredElements(by.svg)
      else total += (by === 'copy' || isRepeated ? 1 : 0) + count(target, true, depth + 1)
    }
    counted.set(key, total)
    return total
  }
  return count(ROOT, false, 0)
}
