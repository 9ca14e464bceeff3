import type { Schema } from '../openapi/document.ts'

/** A field or a parameter, as a reader is told of it. */
export interface Field {
  name: string
  schema: Schema
  /** Such as "required"; empty where there is nothing to say. */
  note: string
  description: string | undefined
}

/** Returns the fields of an object. Requests name what is required, answers what may be absent. */
export function fieldsOf({ properties = {}, required = [] }: Schema, isRequest: boolean): Field[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    schema,
    description: schema.description,
    note: required.includes(name) === isRequest ? (isRequest ? 'required' : 'optional') : '',
  }))
}

/** Returns the fields of an object without a name of its own, or of each such object in a list. */
export function inlineFieldsOf(schema: Schema): Field[] {
  const one = [schema, schema.items, ...(schema.anyOf ?? [])].find(part => part?.properties)
  return one ? fieldsOf(one, false) : []
}
