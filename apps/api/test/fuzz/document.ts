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
  discriminator?: { propertyName: string; mapping: Record<string, string> }
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
  description?: string
  schema: Schema
}

interface Content {
  schema?: Schema
  examples?: Record<string, unknown>
}

interface Answer {
  $ref?: string
  headers?: Record<string, Header>
  content?: Record<string, Content>
}

interface Header {
  $ref?: string
  required?: boolean
}

/** The OpenAPI document, as far as it is read here. */
export interface Document {
  paths: Record<string, Record<string, Omit<Operation, 'name' | 'method' | 'path'>>>
  webhooks?: Record<string, { post: Omit<Operation, 'name' | 'method' | 'path'> }>
  components: {
    schemas: Record<string, Schema>
    responses?: Record<string, Answer>
    headers?: Record<string, Header>
  }
}

export interface Operation {
  /** Such as `POST /v1/uploads/{id}/confirm`. */
  name: string
  method: string
  path: string
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Record<string, Content> }
  responses: Record<string, Answer>
  /** Empty where nobody needs a key. */
  security?: Record<string, string[]>[]
}

export const operationsOf = (document: Document): Operation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      responses: Object.fromEntries(
        Object.entries(operation.responses).map(([status, answer]) => [status, resolveAnswer(document, answer)]),
      ),
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
    })),
  )

const nameOf = ($ref: string): string => $ref.slice($ref.lastIndexOf('/') + 1)

function resolveAnswer({ components }: Document, answer: Answer): Answer {
  const { headers = {}, ...rest } = answer.$ref ? (components.responses?.[nameOf(answer.$ref)] ?? {}) : answer
  const resolved = Object.entries(headers).map(([name, header]) => [
    name,
    header.$ref ? (components.headers?.[nameOf(header.$ref)] ?? header) : header,
  ])
  return { ...rest, headers: Object.fromEntries(resolved) }
}

/** Follows the reference of a schema, if it is one. */
export function resolve({ components }: Document, schema: Schema): Schema {
  if (!schema.$ref) return schema
  const found = components.schemas[nameOf(schema.$ref)]
  if (!found) throw new Error(`the document has no ${schema.$ref}`)
  return found
}
