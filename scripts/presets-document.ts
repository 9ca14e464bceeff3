import { z } from 'zod'
import { MEDIA_KINDS } from '../packages/contracts/src/media-types.ts'
import { AudioVariantSpec } from '../packages/contracts/src/presets/audio.ts'
import { BUILT_IN_PRESETS } from '../packages/contracts/src/presets/built-in.ts'
import { DocumentVariantSpec } from '../packages/contracts/src/presets/document.ts'
import { ImageVariantSpec } from '../packages/contracts/src/presets/image.ts'
import { Condition, common, imageFields, Watermark } from '../packages/contracts/src/presets/shared.ts'
import { VideoVariantSpec } from '../packages/contracts/src/presets/video.ts'
import { FailOn } from '../packages/contracts/src/warning-schemas.ts'

type Json = z.core.JSONSchema.BaseSchema

interface Described {
  description: string
  properties: Record<string, Json>
  required: readonly string[]
}

const KINDS = {
  image: ImageVariantSpec,
  video: VideoVariantSpec,
  audio: AudioVariantSpec,
  document: DocumentVariantSpec,
} satisfies Record<string, z.ZodDiscriminatedUnion>

const GROUPS = {
  'every variant': Object.keys(common),
  images: Object.keys(imageFields),
}

function describe(schema: z.ZodType): Described {
  const json = z.toJSONSchema(schema, { io: 'input' })
  // One that has a name is put beside and referred to.
  const { description = '', properties = {}, required = [] } = json.$defs?.[schema.meta()?.id ?? ''] ?? json
  return { description, properties: properties as Described['properties'], required }
}

/** Formats a table with a row for each field: its values, its default, and its meaning. */
function table({ properties, required }: Described, names = Object.keys(properties)): string {
  const rows = names.map(name => {
    const field = properties[name] ?? {}
    const standard = required.includes(name) ? 'required' : field.default === undefined ? '' : code(field.default)
    return `| \`${name}\` | ${typeOf(field)} | ${standard} | ${field.description ?? ''} |`
  })
  return ['| field | value | default | meaning |', '|---|---|---|---|', ...rows].join('\n')
}

const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``

/** Describes a JSON schema in a few words. */
function typeOf(schema: Json): string {
  if (schema.enum) return schema.enum.map(code).join(', ')
  if (schema.const !== undefined) return code(schema.const)
  // Zod says anyOf of what may be null, and oneOf of the others.
  const either = schema.oneOf ?? schema.anyOf
  if (either) return either.map(one => typeOf(one as Json)).join(' or ')
  const name = TYPE_NAMES[String(schema.type)]
  return name ? name(schema) : String(schema.type)
}

const TYPE_NAMES: Record<string, (schema: Json) => string> = {
  integer: schema => range('integer', schema),
  number: schema => range('number', schema),
  boolean: () => 'true or false',
  string: ({ pattern = '' }) => (pattern.startsWith('^#') ? '`#rrggbb`' : 'text'),
  object: ({ properties = {} }) => `\`{ ${Object.keys(properties).join(', ')} }\``,
  array: ({ minItems, maxItems }) => `list of ${minItems} to ${maxItems}`,
}

function range(name: string, { minimum = -Infinity, maximum = Infinity }: Json): string {
  const isBelow = maximum < Number.MAX_SAFE_INTEGER
  return isBelow ? `${name}, ${minimum} to ${maximum}` : `${name}, from ${minimum}`
}

const specsOf = (kind: keyof typeof KINDS): z.ZodType[] => [...KINDS[kind].options] as z.ZodType[]
const typeNameOf = ({ properties: { type } }: Described): string => String(type?.const)

/** Describes the variant types of a kind with their own fields. Types of several kinds, such as icons, are described once. */
function kindSection(kind: keyof typeof KINDS, seen: Set<string>): string {
  const parts = specsOf(kind)
    .map(describe)
    .map(spec => typeSection(spec, seen))
  return [`## ${kind}`, ...parts].join('\n\n')
}

function typeSection(spec: Described, seen: Set<string>): string {
  const type = typeNameOf(spec)
  if (seen.has(type)) return `### ${type} (as above)`
  seen.add(type)
  const names = Object.keys(spec.properties)
  const groups = Object.entries(GROUPS).filter(([, fields]) => fields.every(field => names.includes(field)))
  const shared = groups.flatMap(([, fields]) => fields)
  const own = names.filter(name => name !== 'type' && !shared.includes(name))
  const takes = `Fields: those of ${groups.map(([name]) => name).join(' and of ')}${own.length > 0 ? ', and' : ''}`
  return [`### ${type}`, spec.description, ...(own.length > 0 ? [`${takes}:`, table(spec, own)] : [`${takes}.`])].join(
    '\n\n',
  )
}

/** Formats a built-in preset: only what differs from the default. */
function builtInSection({ name, version, definition }: (typeof BUILT_IN_PRESETS)[number]): string {
  const lines = MEDIA_KINDS.flatMap(kind =>
    (definition[kind]?.variants ?? []).map(variant => {
      const { name, type, required, ...fields } = variant
      const { properties } = describe(specOfType(kind, type))
      const set = Object.entries(fields).filter(
        ([field, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(properties[field]?.default),
      )
      const text = set.map(([field, value]) => `${field} ${code(value)}`).join(', ')
      return `| ${kind} | \`${name}\` | ${type} | ${required ? 'yes' : ''} | ${text} |`
    }),
  )
  return [
    `### ${name}, version ${version}`,
    ['| kind | name | type | required | fields |', '|---|---|---|---|---|', ...lines].join('\n'),
  ].join('\n\n')
}

function specOfType(kind: keyof typeof KINDS, type: string): z.ZodType {
  const found = specsOf(kind).find(spec => typeNameOf(describe(spec)) === type)
  if (!found) throw new Error(`${kind} has no ${type}`)
  return found
}

/** Fields of the preset language that do not say what they mean. */
export function undescribedFields(): string[] {
  const schemas = [...Object.keys(KINDS).flatMap(kind => specsOf(kind as keyof typeof KINDS)), Condition, Watermark]
  return schemas.map(describe).flatMap(spec =>
    Object.entries(spec.properties)
      .filter(([name, { description }]) => name !== 'type' && !description)
      .map(([name]) => `${typeNameOf(spec)}.${name}`),
  )
}

const INTRODUCTION = `A preset defines which variants to make of a file, for each kind of media. Each variant has a name, and is available under that name when it
is ready. Presets are validated when they are stored. A version of a preset never changes: a change is stored as the next version.
[Presets](how-to/presets.md) shows how to create and apply your own.

- Images and videos are never enlarged. If the source is smaller than the requested size, the variant has the size of the source.
- A variant that does not apply to a file is \`skipped\` and counts as done, for example the audio of a silent video, or page 2 of a one-page document.
- A file of which no image can be made, such as a ZIP, gets an icon of its type. A type that \`/v1/status\` does not list, such as \`.exe\`, is
  refused with \`UNSUPPORTED_TYPE\`.

\`\`\`json
{
  "image": { "variants": [{ "name": "thumb", "width": 256, "height": 256, "fit": "cover", "format": "webp", "required": true }] },
  "document": {
    "variants": [
      { "name": "page", "type": "page", "width": 1280, "format": "webp", "pages": 3 },
      { "name": "text", "type": "text", "when": { "minPages": 2 } }
    ]
  }
}
\`\`\``

const FAIL_ON = `## failOn

A preset can have \`failOn\`, a list of [warnings](warnings.md): \`"failOn": ["SOURCE_TRUNCATED"]\`.

${FailOn.meta()?.description}`

/** Formats the preset language and the built-in presets as Markdown. */
export function presetsDocument(generated: string): string {
  const seen = new Set<string>()
  return [
    '# Presets',
    generated,
    INTRODUCTION,
    `## Every variant\n\n${table(describe(z.object(common)))}`,
    `## Conditions\n\n${table(describe(Condition))}`,
    `## Images\n\nImages are never enlarged.\n\n${table(describe(z.object(imageFields)))}`,
    `## Watermarks\n\n${table(describe(Watermark))}`,
    FAIL_ON,
    ...(Object.keys(KINDS) as (keyof typeof KINDS)[]).map(kind => kindSection(kind, seen)),
    '## Built-in presets',
    'Uploads without a preset use `defaultPreset` of the project, or `default`. New uploads use the newest version.',
    ...BUILT_IN_PRESETS.map(builtInSection),
  ].join('\n\n')
}
