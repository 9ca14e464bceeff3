import { z } from 'zod'

type Schema = z.core.$ZodType
/** The members of a definition in which other schemas are, of all the kinds that a request is made of. */
interface Parts {
  shape?: Record<string, Schema>
  catchall?: Schema
  options?: Schema[]
  element?: Schema
  valueType?: Schema
  innerType?: Schema
  in?: Schema
}

/**
 * Returns a schema that refuses unknown fields at any depth. Records, and objects made with `z.looseObject`, stay open.
 */
export function strictSchema(schema: Schema): Schema {
  const definition = schema._zod.def as z.core.$ZodTypeDef & Parts
  const { shape, options, element, valueType, innerType, in: source } = definition
  return z.core.clone(schema, {
    ...definition,
    ...(shape && { shape: mapValues(shape, strictSchema), catchall: definition.catchall ?? z.never() }),
    ...(options && { options: options.map(strictSchema) }),
    ...(element && { element: strictSchema(element) }),
    ...(valueType && { valueType: strictSchema(valueType) }),
    ...(innerType && { innerType: strictSchema(innerType) }),
    ...(source && { in: strictSchema(source) }),
  })
}

const mapValues = <T>(given: Record<string, T>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, change(value)]))
