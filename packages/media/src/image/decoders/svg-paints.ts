import { resolveEscapes, urlMatches } from './css-urls.ts'

/** What an element is painted, cut or marked with. */
export interface Paint {
  url: string
  /** Whether the elements in it are painted with it, too. */
  isInherited: boolean
  /** Whether it is drawn at each point of a path. */
  isAtPoints: boolean
}

/** Of the whole element. */
const OF_GROUP: ReadonlySet<string> = new Set(['clip-path', 'mask', 'filter'])
/** Once for each shape. */
const OF_SHAPE: ReadonlySet<string> = new Set(['fill', 'stroke', 'marker-start', 'marker-end'])

/** As much as is read of what stands before a URL. */
const BEFORE_CHARS = 24

/**
 * Returns what CSS declarations paint with. The name of the property counts where it stands right before the URL, as it does in every
 * file that somebody drew; whatever else stands there may be inherited, and drawn at each point.
 */
export function paintsOf(declarations: string): Paint[] {
  // Nearly none names any, and there are many.
  if (!/url|\\/i.test(declarations)) return []
  const text = resolveEscapes(declarations)
  return urlMatches(text).map(({ url, index }) => {
    const before = text.slice(Math.max(0, index - BEFORE_CHARS), index)
    const property = /(?<![\w-])([a-z-]+)\s*:\s*$/i.exec(before)?.[1]?.toLowerCase() ?? ''
    return { url, isInherited: !OF_GROUP.has(property), isAtPoints: !OF_GROUP.has(property) && !OF_SHAPE.has(property) }
  })
}
