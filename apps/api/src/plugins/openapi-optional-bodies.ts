interface Body {
  required?: boolean
  content: Record<string, { schema: { anyOf?: { type?: string }[] } }>
}

interface Document {
  paths?: Record<string, Record<string, { requestBody?: Body }>>
}

/** A body that may be null can be left out: that is what the generator cannot say. */
export function withOptionalBodies(document: unknown): unknown {
  for (const methods of Object.values((document as Document).paths ?? {}))
    for (const { requestBody } of Object.values(methods)) {
      const schemas = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema)
      if (requestBody && schemas.some(({ anyOf }) => anyOf?.some(({ type }) => type === 'null')))
        requestBody.required = false
    }
  return document
}
