import { nameOf, type Schema, type Step } from './document.ts'

/** Says of every union whose parts are told apart by one field which field that is, and what each value means. */
export const withDiscriminators: Step = document => {
  const { schemas } = document.components
  const discriminate = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(discriminate)
    if (typeof value !== 'object' || value === null) return value
    const changed = Object.fromEntries(Object.entries(value).map(([key, child]) => [key, discriminate(child)]))
    const discriminator = discriminatorOf(changed as Schema, schemas)
    return discriminator ? { ...changed, discriminator } : changed
  }
  return discriminate(document) as typeof document
}

function discriminatorOf({ oneOf = [] }: Schema, schemas: Record<string, Schema>): Schema['discriminator'] {
  const parts = oneOf.map(({ $ref }) => ({ $ref, properties: ($ref && schemas[nameOf($ref)]?.properties) || {} }))
  const [first] = parts
  const propertyName = Object.keys(first?.properties ?? {}).find(name =>
    parts.every(({ properties }) => typeof properties[name]?.const === 'string'),
  )
  if (propertyName === undefined) return undefined
  const mapping = parts.map(({ $ref, properties }) => [properties[propertyName]?.const, $ref])
  return { propertyName, mapping: Object.fromEntries(mapping) }
}
