/** A JSON Schema as the OpenAPI document has it; only what the generators read of it. */
export interface Schema {
  $ref?: string
  type?: string
  format?: string
  pattern?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  example?: unknown
  examples?: unknown[]
}

export interface Parameter {
  in: 'path' | 'query' | 'header'
  name: string
  required?: boolean
  schema: Schema
}

interface Content {
  schema?: Schema
  examples?: Record<string, unknown>
}

interface Answer {
  content?: Record<string, Content>
}

/** The OpenAPI document, as far as it is read here. */
export interface Document {
  paths: Record<string, Record<string, Omit<Operation, 'name' | 'method' | 'path'>>>
  components: { schemas: Record<string, Schema> }
}

export interface Operation {
  /** Such as `POST /v1/uploads/{id}/confirm`. */
  name: string
  method: string
  path: string
  operationId?: string
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Record<string, Content> }
  responses: Record<string, Answer>
  /** Empty where nobody needs a key. */
  security?: unknown[]
}

export const operationsOf = (document: Document): Operation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
    })),
  )

const REF = '#/components/schemas/'

/** The schema itself, where there is a reference to it. */
export function resolve({ components }: Document, schema: Schema): Schema {
  if (!schema.$ref) return schema
  const found = components.schemas[schema.$ref.slice(REF.length)]
  if (!found) throw new Error(`the document has no ${schema.$ref}`)
  return found
}
