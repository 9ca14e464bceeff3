import { z } from 'zod'
import { Folder } from './folder.ts'
import { NO_DETAILS } from './no-details.ts'
import { isStorable, text } from './storable-text.ts'

// The details of an asset: the fields that its owner sets. A new one has an entry in each table of this file and in
// `no-details.ts`; the database, the API and the page go by them.

const MAX_METADATA_BYTES = 16_384
export const MAX_TAGS = 50
const MAX_EXTERNAL_ID = 255
const MAX_TITLE = 500
const MAX_ALT_TEXT = 2000
const MAX_DESCRIPTION = 10_000

const byteLength = (text: string) => new TextEncoder().encode(text).length

const metadata = z
  .record(z.string(), z.unknown())
  .refine(value => byteLength(JSON.stringify(value)) <= MAX_METADATA_BYTES, 'expected at most 16384 bytes of JSON')
  .refine(isStorable, 'expected Unicode text without NUL characters')
export const tags = z.array(text(100)).max(MAX_TAGS)
const altText = z.string().max(MAX_ALT_TEXT).refine(isStorable, 'expected Unicode text without NUL characters')

/** From 0 (left, top) to 1 (right, bottom). */
const part = z.number().min(0).max(1)

export const FocalPoint = z.strictObject({ x: part, y: part }).meta({
  id: 'FocalPoint',
  description: 'A point of an upright image, from 0 (left, top) to 1 (right, bottom).',
  example: { x: 0.62, y: 0.35 },
})
export type FocalPoint = z.output<typeof FocalPoint>

const TITLE = 'Title for people; null if it has none.'
const ALT_TEXT =
  'What is to be seen, for people who do not see it: the default of `alt` in the manifest. Empty for decoration; null if it was never written.'
const DESCRIPTION = 'Description for people; null if it has none.'
const FOCAL_POINT =
  'The point that stays in every image that is cropped with `fit: cover`, whatever `position` the preset gives. Of images only; null if none was chosen.'
const RECROPPED = 'After a change, `POST /v1/assets/{id}/reprocess` makes the cropped images again. Null removes it.'

/** As an answer shows them. */
export const shownDetails = {
  externalId: z.string().nullable().meta({ description: 'Your own id, unique within the project.' }),
  folder: z.string().meta({ description: 'Path of its folder; empty for the root.' }),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()).meta({ description: 'Your own metadata, returned as you sent it.' }),
  title: z.string().nullable().meta({ description: TITLE }),
  altText: z.string().nullable().meta({ description: ALT_TEXT }),
  description: z.string().nullable().meta({ description: DESCRIPTION }),
  focalPoint: FocalPoint.nullable().meta({ description: FOCAL_POINT }),
}
export type AssetDetails = z.output<z.ZodObject<typeof shownDetails>>

/** As a request gives them to a new asset. */
export const givenDetails = {
  externalId: text(MAX_EXTERNAL_ID)
    .optional()
    .meta({ description: 'Your own id for the asset; unique within the project.' }),
  folder: Folder.optional().meta({ description: 'Path of a folder, such as `2026/summer`.' }),
  metadata: metadata.optional().meta({ description: 'Any JSON object of yours, up to 16 kB.' }),
  tags: tags.optional().meta({ description: 'Tags to filter assets by.' }),
  title: text(MAX_TITLE).optional().meta({ description: 'Title for people.' }),
  altText: altText
    .optional()
    .meta({ description: 'What is to be seen, for people who do not see it. Empty for decoration.' }),
  description: text(MAX_DESCRIPTION).optional().meta({ description: 'Description for people.' }),
  focalPoint: FocalPoint.optional().meta({
    description: 'The point that stays in every image that is cropped with `fit: cover`. Of images only.',
  }),
} satisfies Record<keyof AssetDetails, z.ZodType>

/** As a request changes them. */
export const patchedDetails = {
  folder: Folder.optional(),
  metadata: metadata.optional().meta({ description: 'Replaces all metadata.' }),
  tags: tags.optional().meta({ description: 'Replaces all tags.' }),
  externalId: text(MAX_EXTERNAL_ID)
    .nullable()
    .optional()
    .meta({ description: 'Your own id, unique within the project. Null removes it.' }),
  title: text(MAX_TITLE).nullable().optional().meta({ description: 'Null removes it.' }),
  altText: altText.nullable().optional().meta({ description: 'Empty for decoration; null removes it.' }),
  description: text(MAX_DESCRIPTION).nullable().optional().meta({ description: 'Null removes it.' }),
  focalPoint: FocalPoint.nullable().optional().meta({ description: RECROPPED }),
} satisfies Record<keyof AssetDetails, z.ZodType>

/** Returns the details among other fields; what is left out is as it is when nothing is said. */
export function detailsOf(given: { [Name in keyof AssetDetails]?: AssetDetails[Name] | undefined }): AssetDetails {
  const names = Object.keys(NO_DETAILS) as (keyof AssetDetails)[]
  return Object.fromEntries(names.map(name => [name, given[name] ?? NO_DETAILS[name]])) as unknown as AssetDetails
}
