/** A JSON Schema, as far as the steps that finish the document look into one. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  format?: string
  minimum?: number
  maximum?: number
  default?: unknown
  additionalProperties?: Schema | boolean
  discriminator?: { propertyName: string; mapping: Record<string, string> }
  minLength?: number
  maxLength?: number
  description?: string
  example?: unknown
}

export interface Content {
  schema?: Schema
  examples?: Record<string, unknown>
}

export interface Answer {
  description: string
  headers?: Record<string, { $ref: string }>
  content?: Record<string, Content>
}

export interface Parameter {
  in: 'path' | 'query' | 'header'
  name: string
  required?: boolean
  description?: string
  schema: Schema
}

export interface Operation {
  operationId?: string
  tags?: string[]
  summary?: string
  description?: string
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Record<string, Content> }
  responses: Record<string, Answer>
  /** One of these is needed; empty where nobody needs a key. */
  security?: Record<string, string[]>[]
  /** Names of headers that the route says it answers with; only while the document is made. */
  'x-sends'?: string[]
}

/** The OpenAPI document while it is made. */
export interface Document {
  paths: Record<string, Record<string, Operation>>
  webhooks?: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>> & { schemas: Record<string, Schema> }
}

/** One step that finishes the document. */
export type Step = (document: Document) => Document

/** Returns the document with each operation changed. */
export function mapOperations(
  document: Document,
  change: (operation: Operation, at: { path: string; method: string }) => Operation,
): Document {
  const paths = Object.entries(document.paths).map(([path, methods]) => {
    const changed = Object.entries(methods).map(([method, one]) => [method, change(one, { path, method })] as const)
    return [path, Object.fromEntries(changed)] as const
  })
  return { ...document, paths: Object.fromEntries(paths) }
}

const REF = '#/components/schemas/'

export const refTo = (name: string): { $ref: string } => ({ $ref: REF + name })
export const nameOf = ($ref: string): string => $ref.slice(REF.length)

/** Returns the names of the schemas that a part of the document refers to, directly or through other schemas. */
export function namesIn(value: unknown, schemas: Record<string, Schema>, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found
  if ('$ref' in value && typeof value.$ref === 'string' && value.$ref.startsWith(REF)) {
    const name = nameOf(value.$ref)
    if (!found.has(name)) namesIn(schemas[name], schemas, found.add(name))
  }
  for (const child of Object.values(value)) namesIn(child, schemas, found)
  return found
}
