import fc from 'fast-check'
import { resolve, type Schema } from './document.ts'
import type { World } from './world.ts'

type Arbitrary = fc.Arbitrary<unknown>

/** What a schema cannot say of a field, by its name. */
const HINTS: Record<string, (world: World) => Arbitrary> = {
  wait: () => fc.constantFrom(0, 0, 0, 1),
  contentType: () => fc.constantFrom('image/jpeg', 'image/png', 'application/pdf', 'video/mp4'),
  allowedTypes: () => fc.constantFrom(null, ['image/jpeg', 'application/pdf']),
  byteSize: () => fc.oneof(fc.integer({ min: 1, max: 3_000_000 }), fc.constantFrom(0, 31)),
  expiresAt: () => fc.constantFrom('2100-01-01T00:00:00Z', '2099-12-31T23:59:59+02:00'),
  folder: () => fc.constantFrom('', '2026', '2026/summer', '2026/ünïcode'),
  prefix: () => fc.constantFrom('', '2026'),
  partNumbers: () => fc.constantFrom([1], [1, 1]),
  url: () => fc.constantFrom('https://example.com/hook', 'https://example.com:8443/a?b=c'),
  cdnBaseUrl: () => fc.constantFrom(null, 'https://cdn.example.com'),
  browserOrigins: () => fc.constantFrom([], ['https://shop.example.com']),
  defaultPreset: () => fc.constantFrom(null, 'default', 'gallery'),
  preset: () => fc.constantFrom('default', 'gallery', 'default@1'),
  fromPreset: () => fc.constantFrom('default', 'gallery@1'),
  version: () => fc.constantFrom(1, 1, 2),
  variant: () => fc.constantFrom('thumb', 'thumb', 'large'),
  status: () => fc.constantFrom('failed', 'ready', 'queued'),
  events: () => fc.constantFrom(null, ['asset.ready'], ['asset.ready', 'asset.failed']),
  types: () => fc.constantFrom('asset.ready', 'asset.ready,asset.failed'),
  after: world => fc.oneof(fc.constantFrom('latest', '2026-01-01T00:00:00Z'), cursorOf(world)),
  cursor: cursorOf,
  sha256: () => fc.constantFrom('a'.repeat(64), 'b'.repeat(64), '0123456789abcdef'.repeat(4)),
  projectId: world => fc.constant(world.projectId),
  assetId: world => idOf(world, 'assets'),
  ids: world => fc.array(idOf(world, 'assets'), { minLength: 1, maxLength: 5 }),
}

function cursorOf(world: World): Arbitrary {
  return fc.nat().map(index => world.pool.pick('own', 'cursors', index)?.[0] ?? 'bm9uZQ')
}

const idOf = ({ pool }: World, kind: string): Arbitrary =>
  fc.tuple(fc.nat(), fc.uuid()).map(([index, unknown]) => pool.pick('own', kind, index)?.[0] ?? unknown)

/** Values that a schema takes. A field that can be left out often is. */
export function valuesOf(world: World, schema: Schema, field?: string): Arbitrary {
  const hint = field !== undefined && Object.hasOwn(HINTS, field) ? HINTS[field]?.(world) : undefined
  const own = bySchema(world, resolve(world.document, schema))
  return hint ? fc.oneof({ weight: 6, arbitrary: hint }, { weight: field === 'wait' ? 0 : 1, arbitrary: own }) : own
}

function bySchema(world: World, schema: Schema): Arbitrary {
  const generated = generatedOf(world, schema)
  const examples = schema.examples ?? (schema.example === undefined ? [] : [schema.example])
  return examples.length > 0 ? fc.oneof(fc.constantFrom(...examples), generated) : generated
}

function generatedOf(world: World, schema: Schema): Arbitrary {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const union = schema.oneOf ?? schema.anyOf
  if (union) return fc.oneof(...union.map(option => valuesOf(world, option)))
  const byType = schema.type === undefined ? undefined : BY_TYPE[schema.type]
  return byType ? byType(world, schema) : fc.jsonValue({ maxDepth: 2 })
}

const BY_TYPE: Record<string, (world: World, schema: Schema) => Arbitrary> = {
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  integer: (_world, { minimum = 0, maximum = 1_000_000 }) => {
    const min = Math.max(minimum, -1000)
    return fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min, max: Math.min(maximum, min + 1000) }) },
      { weight: 1, arbitrary: fc.constantFrom(minimum, maximum) },
    )
  },
  number: (_world, { minimum = -1000, maximum = 1000 }) =>
    fc.double({ min: minimum, max: Math.min(maximum, 1e6), noNaN: true }),
  string: (_world, schema) => text(schema),
  array: (world, { items = {}, minItems = 0, maxItems = 3 }) =>
    fc.array(valuesOf(world, items), { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 3)) }),
  object: objectOf,
}

function text({ format, pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid()
  if (format === 'date-time') return fc.constantFrom('2026-01-01T00:00:00Z', '2100-01-01T00:00:00.123Z')
  if (format === 'uri') return fc.constantFrom('https://example.com/', 'http://example.org/a?b=c')
  if (pattern) return fc.stringMatching(new RegExp(pattern))
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) })
}

function objectOf(world: World, schema: Schema): Arbitrary {
  const { properties, required = [], additionalProperties } = schema
  if (!properties && typeof additionalProperties === 'object')
    return fc.dictionary(fc.string({ maxLength: 10 }), valuesOf(world, additionalProperties), { maxKeys: 3 })
  const fields = Object.entries(properties ?? {}).map(([name, field]) => [name, valuesOf(world, field, name)] as const)
  return fc.record(Object.fromEntries(fields), { requiredKeys: required, noNullPrototype: true })
}

/** Returns the schema of a JSON body, if the operation takes one. */
export const bodySchemaOf = (operation: {
  requestBody?: { content: Record<string, { schema?: Schema }> }
}): Schema | undefined => operation.requestBody?.content['application/json']?.schema
