/** An element with an id, or the root: with all that is in it and not in another element with an id. */
export interface Part {
  /** Elements that draw something, this one included. */
  elements: number
  /** Elements with an id that are in it. */
  parts: Part[]
  /** How often it draws what it refers to. */
  references?: Map<Target, number>
  /** What it draws with paints that each element of it inherits. */
  painted?: { target: Target; paints: readonly { target: Target; isAtPoints: boolean }[] }[]
}

/** The id of an element, or a document of its own. */
export type Target = string | Drawing

/** What an SVG draws, and what it draws more than once. */
export interface Drawing {
  root: Part
  /** By id. The decoder takes one of those that have the same. */
  parts: Map<string, Part[]>
  /** Elements that draw something, as often as they are written, with those of the documents in it. */
  elements: number
  /** Not fewer points than its longest path has. */
  points: number
}

/** Nobody draws by references of references so deep. */
const MAX_DEPTH = 1000

/**
 * Counts how many elements an SVG draws by reference, beyond those that it has: ten of ten of ten multiply, until to draw them takes
 * minutes. What is only there to be referred to counts as drawn where it stands, too.
 * @returns `Infinity` for references deeper than anybody draws, and for those that go round
 */
export const repeatedElements = (drawing: Drawing): number => drawnElements(drawing) - drawing.elements

function drawnElements({ root, parts, points }: Drawing): number {
  const counted = new Map<Part, number>()
  const counting = new Set<Part>()
  const count = (part: Part): number => {
    const known = counted.get(part)
    if (known !== undefined) return known
    if (counting.has(part) || counting.size > MAX_DEPTH) return Infinity
    counting.add(part)
    let total = part.elements
    for (const inner of part.parts) total += count(inner)
    for (const [target, times] of part.references ?? []) total += times * countTarget(target, part)
    for (const { target, paints } of part.painted ?? []) {
      const elements = countTarget(target, part)
      for (const { target, isAtPoints } of paints) {
        const times = elements * (isAtPoints ? points : 1)
        const painted = countTarget(target, part)
        // Of nothing there is nothing, however often.
        if (times > 0 && painted > 0) total += times * painted
      }
    }
    counting.delete(part)
    counted.set(part, total)
    return total
  }
  const countTarget = (target: Target, from: Part): number => {
    if (typeof target !== 'string') return drawnElements(target)
    // What refers to itself is not drawn again.
    const others = parts.get(target)?.filter(part => part !== from) ?? []
    return others.reduce((most, part) => Math.max(most, count(part)), 0)
  }
  return count(root)
}
