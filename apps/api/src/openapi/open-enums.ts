import { mapOperations, namesIn, type Schema, type Step } from './document.ts'

/**
 * Values that an answer has today and that more may come to: `anyOf` of those that are known and of any text, which
 * generators turn into a type that takes both. What a request may say stays a closed list, also where it is answered again.
 */
export const withOpenEnums: Step = document => {
  const { schemas } = document.components
  const operations = Object.values(document.paths).flatMap(methods => Object.values(methods))
  const asked = namesIn(
    operations.map(({ parameters, requestBody }) => [parameters, requestBody]),
    schemas,
  )
  const opened = Object.entries(schemas).map(([name, schema]) => [name, asked.has(name) ? schema : open(schema)])
  const components = { ...document.components, schemas: Object.fromEntries(opened) }
  return mapOperations({ ...document, components }, ({ responses, ...operation }) => ({
    ...operation,
    responses: open(responses),
  }))
}

const isList = ({ type, enum: values = [] }: Schema): boolean => type === 'string' && values.length > 1
const isAnyText = ({ type, enum: values, ...rest }: Schema): boolean =>
  type === 'string' && values === undefined && Object.keys(rest).length === 0

const EXAMPLES = new Set(['example', 'examples', 'default'])

function open<T>(value: T): T {
  if (Array.isArray(value)) return value.map(item => open(item)) as T
  if (typeof value !== 'object' || value === null) return value
  const { anyOf, ...rest } = value as Schema
  if (anyOf) return { ...openAll(rest), anyOf: openEach(anyOf) } as T
  if (!isList(rest)) return openAll(rest) as T
  const { type, enum: values, ...said } = rest
  return { ...said, anyOf: openEach([{ type: 'string', enum: values ?? [] }]) } as T
}

const openAll = (value: object): object =>
  Object.fromEntries(Object.entries(value).map(([key, child]) => [key, EXAMPLES.has(key) ? child : open(child)]))

const openEach = (schemas: Schema[]): Schema[] =>
  schemas.some(isAnyText)
    ? schemas
    : schemas.flatMap(schema => (isList(schema) ? [schema, { type: 'string' }] : [open(schema)]))
