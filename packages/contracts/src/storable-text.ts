import { z } from 'zod'

const NUL = '\0'

/** Postgres text and jsonb hold neither NUL nor half of a surrogate pair; a client that sends one is told so with a 400. */
const isStorableText = (text: string) => !text.includes(NUL) && text.isWellFormed()

/** Returns whether Postgres can hold a JSON value, with all of its keys and texts. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorableText(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, item]) => isStorableText(key) && isStorable(item))
}

/** Returns a schema of texts of 1 to `max` UTF-16 code units that Postgres can hold. */
export const text = (max: number) =>
  z.string().min(1).max(max).refine(isStorableText, 'expected Unicode text without NUL characters')
