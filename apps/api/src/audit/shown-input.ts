import type { FastifyRequest } from 'fastify'

/** What is kept of a request's input. A preset is longer, and is a version of its own. */
const MAX_CHARACTERS = 4000

/** Returns query and body for the audit log: URLs without what may be a secret in them, and nothing that is long. */
export function shownInput({ query, body }: Pick<FastifyRequest, 'query' | 'body'>): Record<string, unknown> {
  const input = { ...asRecord(query), ...asRecord(body) }
  const shown = Object.fromEntries(
    Object.entries(input)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, name === 'url' ? originOf(value) : value]),
  )
  if (JSON.stringify(shown).length <= MAX_CHARACTERS) return shown
  return { fields: Object.keys(shown), isTooLong: true }
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

const originOf = (value: unknown): string | null =>
  typeof value === 'string' && URL.canParse(value) ? new URL(value).origin : null
