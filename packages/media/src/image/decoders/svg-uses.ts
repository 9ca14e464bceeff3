/** Names are taken whole: otherwise each of a million letters without a `>` would be tried as the end of one. */
const TAG = /<(\/?)([\w:-]+)(?![\w:-])([^<>]*)>/g
const ID = /\sid\s*=\s*["']([^"']*)/
const TARGET = /\shref\s*=\s*["']#([^"']*)|\sxlink:href\s*=\s*["']#([^"']*)/
/** libxml2 refuses elements that lie deeper in each other. */
const MAX_DEPTH = 256

/**
 * How many elements the `<use>` of a drawing stand for: ten of ten of ten multiply, until drawing them takes minutes.
 * Nothing is parsed in earnest, so it is a guess; `Infinity` where even that would take long.
 */
export function usedElements(text: string, max: number): number {
  const uses = readUses(text, max)
  const counted = new Map<string, number>()
  const count = (id: string): number => {
    const known = counted.get(id)
    if (known !== undefined) return known
    // What uses itself is not drawn again.
    counted.set(id, 0)
    const total = (uses?.get(id) ?? []).reduce((sum, target) => sum + 1 + count(target), 0)
    counted.set(id, total)
    return total
  }
  return uses ? count(ROOT) : Infinity
}

const ROOT = ''

/** By the id of each element: what is used inside of it. Null when there is more than `max` of it. */
function readUses(text: string, max: number): Map<string, string[]> | null {
  const uses = new Map<string, string[]>()
  const open: (string | undefined)[] = [ROOT]
  let found = 0
  for (const [, closing, name = '', attributes = ''] of text.matchAll(TAG)) {
    if (closing) open.pop()
    else open.push(ID.exec(attributes)?.[1])
    const target = name.endsWith('use') && !closing ? TARGET.exec(attributes)?.slice(1).find(Boolean) : undefined
    if (target !== undefined) for (const id of open) if (id !== undefined) append(uses, id, target)
    if (target !== undefined) found++
    if (!closing && attributes.endsWith('/')) open.pop()
    if (found > max || open.length > MAX_DEPTH) return null
  }
  return uses
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}
