import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { strictSchema } from './strict-schema.ts'

const Point = z.object({ x: z.number() })
const read = (schema: z.ZodType, value: unknown) => z.core.safeParse(strictSchema(schema), value)
/** Where a value has fields that its schema does not know. */
const faults = (schema: z.ZodType, value: unknown) =>
  read(schema, value).error?.issues.map(issue => [issue.code, issue.path.join('.')]) ?? []

const odd = { x: 1, y: 2 }

describe('an unknown field is found', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['in an object', Point, odd, ''],
    ['in an object of an object', z.object({ at: Point }), { at: odd }, 'at'],
    ['in a list', z.array(Point), [{ x: 1 }, odd], '1'],
    ['in what may be left out', z.object({ at: Point.optional() }), { at: odd }, 'at'],
    ['in what may be null or left out', Point.nullish(), odd, ''],
    ['in what has a default', z.object({ at: Point.default({ x: 0 }) }), { at: odd }, 'at'],
    ['in a record', z.record(z.string(), Point), { a: odd }, 'a'],
    ['in one of several', z.union([z.string(), Point]), odd, ''],
    [
      'in one of several, named by a field',
      z.discriminatedUnion('type', [typed('a'), typed('b')]),
      { type: 'a', b: 1 },
      '',
    ],
    ['in what is checked further', Point.refine(() => true), odd, ''],
    ['in what is changed', Point.transform(({ x }) => x), odd, ''],
    ['in an object with a description', Point.meta({ description: 'where' }), odd, ''],
  ])('%s', (_title, schema, value, path) => {
    expect(faults(schema, value)).toEqual([['unrecognized_keys', path]])
  })
})

describe('nothing is found', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['in an object that is open on purpose', z.looseObject({ x: z.number() }), odd],
    ['in a record of anything', z.object({ metadata: z.record(z.string(), z.unknown()) }), { metadata: { a: odd } }],
    ['in anything', z.unknown(), odd],
    ['where there is nothing', Point.nullish(), undefined],
  ])('%s', (_title, schema, value) => {
    expect(faults(schema, value)).toEqual([])
  })
})

it('keeps defaults, coercions and checks', () => {
  const schema = z.object({ limit: z.coerce.number().max(9).default(5), at: Point.refine(({ x }) => x > 0).optional() })
  expect(read(schema, { limit: '7' }).data).toEqual({ limit: 7 })
  expect(read(schema, {}).data).toEqual({ limit: 5 })
  expect(faults(schema, { limit: '10', at: { x: -1 } })).toEqual([
    ['too_big', 'limit'],
    ['custom', 'at'],
  ])
})

function typed(type: string) {
  return z.object({ type: z.literal(type) })
}
