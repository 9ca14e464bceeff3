import type { Schema } from '../../apps/api/src/openapi/document.ts'
import { type Field, fieldsOf, inlineFieldsOf } from '../../apps/api/src/reference/fields.ts'
import { type TypePart, typeParts } from '../../apps/api/src/reference/type-parts.ts'
import { githubAnchor } from '../docs-site/links.ts'

/** Escapes what would be a tag on the site; code stays as it is. */
export const prose = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map(part => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;')))
    .join('')

/** Describes the type of a schema in a few words, with links to named schemas, from any page of docs/api/. */
export const typeOf = (schema: Schema): string => typeParts(schema).map(partMarkdown).join('')

function partMarkdown(part: TypePart): string {
  if ('schema' in part) return `[${part.schema}](schemas.md#${githubAnchor(part.schema)})`
  return 'code' in part ? `\`${part.code}\`` : part.text
}

/** Formats fields as a list, with the fields of an object without a name below it. */
export function fieldList(fields: Field[], indent = ''): string {
  return fields
    .map(({ name, schema, note, description }) => {
      const meaning = description ? `. ${description.replaceAll(/\s+/g, ' ')}` : ''
      const inner = inlineFieldsOf(schema)
      const line = `${indent}- \`${name}\`: ${prose(`${typeOf(schema)}${note && `, ${note}`}${meaning}`)}`
      return inner.length > 0 ? `${line}\n${fieldList(inner, `${indent}  `)}` : line
    })
    .join('\n')
}

/** Formats a named schema with all of its fields, and an example. */
export function schemaMarkdown(name: string, schema: Schema, isRequest: boolean): string {
  const { description, properties, example } = schema
  return [
    `## ${name}`,
    description && prose(description),
    properties ? fieldList(fieldsOf(schema, isRequest)) : `${prose(typeOf(schema))}.`,
    example !== undefined && `\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\``,
  ]
    .filter(Boolean)
    .join('\n\n')
}
