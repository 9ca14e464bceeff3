import { mapOperations, type Step } from './document.ts'

/** A body that may be null can be left out: that is what the generator cannot say. */
export const withOptionalBodies: Step = document =>
  mapOperations(document, ({ requestBody, ...operation }) => {
    if (!requestBody) return operation
    const schemas = Object.values(requestBody.content).map(({ schema }) => schema)
    const isOptional = schemas.some(schema => schema?.anyOf?.some(({ type }) => type === 'null'))
    return { ...operation, requestBody: { ...requestBody, ...(isOptional && { required: false }) } }
  })
