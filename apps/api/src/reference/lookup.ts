import { type Answer, type Document, nameOf, type Schema } from '../openapi/document.ts'

/** Looks up what the document refers to. */
export interface Lookup {
  schema(schema: Schema): Schema
  answer(answer: Answer): Answer
}

export function lookupIn({ components }: Document): Lookup {
  return {
    schema: schema => (schema.$ref ? (components.schemas[nameOf(schema.$ref)] ?? schema) : schema),
    answer: answer =>
      '$ref' in answer ? (components.responses?.[String(answer.$ref).split('/').at(-1) ?? ''] as Answer) : answer,
  }
}
