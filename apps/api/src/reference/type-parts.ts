import { nameOf, type Schema } from '../openapi/document.ts'

/** A piece of the description of a type: words, a value, or the name of a schema to link to. */
export type TypePart = { text: string } | { code: string } | { schema: string }

const joined = (parts: TypePart[][], by: string): TypePart[] =>
  parts.flatMap((part, at) => (at === 0 ? part : [{ text: by }, ...part]))

const isAnyText = ({ type, enum: values }: Schema) => type === 'string' && !values

/** Describes the type of a schema in a few words. */
export function typeParts(schema: Schema): TypePart[] {
  const { $ref, const: only, enum: values, anyOf, oneOf, items, type, format } = schema
  if ($ref) return [{ schema: nameOf($ref) }]
  if (only !== undefined) return [{ code: JSON.stringify(only) }]
  if (values)
    return joined(
      values.map(value => [{ code: String(value) }]),
      ', ',
    )
  const either = anyOf ?? oneOf
  if (either) return eitherParts(either)
  if (items) return [{ text: 'list of ' }, ...typeParts(items)]
  // A text or nothing is one schema with two types.
  const [own = 'anything', ...others] = [type ?? []].flat()
  return [{ text: `${[format ?? own, ...others].join(' or ')}${rangeOf(schema)}` }]
}

function eitherParts(either: Schema[]): TypePart[] {
  const isOpen = either.some(({ enum: known }) => known) && either.some(isAnyText)
  const known = either.filter(part => !isOpen || !isAnyText(part)).map(typeParts)
  return [...joined(known, ' or '), ...(isOpen ? [{ text: ' or future values' }] : [])]
}

function rangeOf({ minimum, maximum, minLength, maxLength, default: standard }: Schema): string {
  const isWhole = (limit: number | undefined) => limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER
  const limits = [
    isWhole(minimum) && `from ${minimum}`,
    isWhole(maximum) && `to ${maximum}`,
    minLength !== undefined && minLength > 1 && `at least ${minLength} characters`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    standard !== undefined && `default ${JSON.stringify(standard)}`,
  ].filter(Boolean)
  return limits.length > 0 ? `, ${limits.join(', ')}` : ''
}
