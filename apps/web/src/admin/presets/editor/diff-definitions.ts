/** One difference of two definitions. */
export interface Difference {
  /** Such as `image.thumb.width`. */
  path: string
  before: unknown
  after: unknown
}

/** Lists what differs between two definitions. Variants are compared by name, whatever their order. */
export function diffDefinitions(before: unknown, after: unknown, path = ''): Difference[] {
  const [a, b] = [named(before), named(after)]
  if (!isRecord(a) || !isRecord(b))
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap(key =>
    diffDefinitions(a[key], b[key], pathOf(path, key)),
  )
}

/** `variants` says nothing that the name after it does not say. */
const pathOf = (path: string, key: string): string => (key === 'variants' ? path : path ? `${path}.${key}` : key)

/** Returns a list of named things as an object. */
function named(value: unknown): unknown {
  if (!Array.isArray(value) || !value.every(each => isRecord(each) && typeof each.name === 'string')) return value
  return Object.fromEntries(value.map(each => [each.name, each]))
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
