import { type Document, namesIn, type Operation } from '../openapi/document.ts'

/** A finished document, as it is answered. */
export interface WholeDocument extends Document {
  info: { title: string; version: string; description: string }
  servers: { url: string }[]
  tags: { name: string; description: string }[]
}

/** Where an operation is. */
export interface Place {
  path: string
  method: string
}

export interface Entry {
  operation: Operation
  place: Place
}

/** Returns all operations in the order of the document. */
export const entriesOf = ({ paths }: Document): Entry[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ operation, place: { path, method } })),
  )

/** Returns the names of the schemas that requests have, of which a reader is told what is required. */
export const namesInRequests = (document: Document): Set<string> =>
  namesIn(
    entriesOf(document).map(({ operation: { requestBody } }) => requestBody),
    document.components.schemas,
  )
