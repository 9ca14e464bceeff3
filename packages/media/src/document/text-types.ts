import type { MediaType } from '@darkroom/contracts'

/** Types without a magic number: whatever is declared as one of these only has to be text, and is its own text. */
const TEXT_TYPES: ReadonlySet<string> = new Set<MediaType>([
  'text/plain',
  'text/csv',
  'text/markdown',
  'application/json',
])

export const isTextType = (type: string): boolean => TEXT_TYPES.has(type)
