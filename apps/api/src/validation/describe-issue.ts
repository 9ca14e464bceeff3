import type { z } from 'zod'
import { closestName } from './closest-name.ts'

type Issue = z.core.$ZodRawIssue

const TYPES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  never: 'nothing',
}

const FORMATS: Record<string, string> = {
  uuid: 'a UUID',
  url: 'a URL',
  email: 'an email address',
  datetime: 'a time such as 2026-11-21T00:00:00Z',
  date: 'a date such as 2026-11-21',
  int: 'a whole number',
  safeint: 'a whole number',
}

const UNITS: Record<string, [one: string, many: string]> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
  record: ['field', 'fields'],
}

/** Formats an amount: `3 items`, or just the number for a numeric value. */
function amount(origin: string, count: number | bigint): string {
  const [one, many] = UNITS[origin] ?? ['', '']
  return `${count} ${count === 1 ? one : many}`.trim()
}

const quoted = (values: readonly unknown[]): string => values.map(value => JSON.stringify(value)).join(', ')

function oneOf(values: readonly unknown[], given: unknown): string {
  const names = values.filter(value => typeof value === 'string')
  const meant = typeof given === 'string' ? closestName(given, names) : null
  const choice = values.length === 1 ? quoted(values) : `one of ${quoted(values)}`
  return `expected ${choice}${meant === null ? '' : `; did you mean ${JSON.stringify(meant)}?`}`
}

/** Describes in words what was expected of a value. Texts of our own schemas take precedence. */
export function describeIssue(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPES[issue.expected] ?? 'another value'}${issue.input === undefined ? ', but it is missing' : ''}`
    case 'too_big':
      return `expected ${issue.inclusive ? 'at most' : 'less than'} ${amount(issue.origin, issue.maximum)}`
    case 'too_small':
      return `expected ${issue.inclusive ? 'at least' : 'more than'} ${amount(issue.origin, issue.minimum)}`
    case 'invalid_format':
      return `expected ${FORMATS[issue.format] ?? 'another format'}`
    case 'not_multiple_of':
      return `expected a multiple of ${issue.divisor}`
    case 'invalid_value':
      return oneOf(issue.values, issue.input)
    case 'invalid_union':
      return describeUnion(issue)
    default:
      return 'expected another value'
  }
}

/**
 * Describes a value that matches none of several schemas. If a discriminator tells which schema is meant, its field is
 * at fault.
 */
function describeUnion(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  if ('options' in issue && Array.isArray(issue.options)) return oneOf(issue.options, discriminatorOf(issue))
  const texts = issue.errors
    .map(faults => faults[0]?.message.replace(/^expected /, '') ?? '')
    .filter(text => text !== '')
  return texts.length > 0 ? `expected ${[...new Set(texts)].join(', or ')}` : 'expected another value'
}

function discriminatorOf({ input, path = [] }: Issue): unknown {
  const name = path.at(-1)
  return typeof input === 'object' && input !== null && name !== undefined ? Reflect.get(input, name) : undefined
}
