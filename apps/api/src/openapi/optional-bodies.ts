import { mapOperations, type Step } from './document.ts'

/** Marks bodies that may be null as optional, which the generator cannot express. */
export const withOptionalBodies: Step = document =>
  mapOperations(document, ({ requestBody, ...operation }) => {
    if (!requestBody) return operation
    const schemas = Object.values(requestBody.content).map(({ schema }) => schema)
    const isOptional = schemas.some(schema => schema?.anyOf?.some(({ type }) => type === 'null'))
    return { ...operation, requestBody: { ...requestBody, ...(isOptional && { required: false }) } }
  })
