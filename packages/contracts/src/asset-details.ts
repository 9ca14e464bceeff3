import { z } from 'zod'
import { Folder } from './folder.ts'
import { NO_DETAILS } from './no-details.ts'
import { isStorable, text } from './storable-text.ts'

// The details of an asset: the fields that its owner sets. A new one has an entry in each table of this file and in
// `no-details.ts`; the database, the API and the page go by them.

const MAX_METADATA_BYTES = 16_384
export const MAX_TAGS = 50
const MAX_EXTERNAL_ID = 255

const byteLength = (text: string) => new TextEncoder().encode(text).length

const metadata = z
  .record(z.string(), z.unknown())
  .refine(value => byteLength(JSON.stringify(value)) <= MAX_METADATA_BYTES, 'expected at most 16384 bytes of JSON')
  .refine(isStorable, 'expected Unicode text without NUL characters')
export const tags = z.array(text(100)).max(MAX_TAGS)

/** As an answer shows them. */
export const shownDetails = {
  externalId: z.string().nullable().meta({ description: 'Your own id, unique within the project.' }),
  folder: z.string().meta({ description: 'Path of its folder; empty for the root.' }),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()).meta({ description: 'Your own metadata, returned as you sent it.' }),
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
} satisfies Record<keyof AssetDetails, z.ZodType>

/** Returns the details among other fields; what is left out is as it is when nothing is said. */
export function detailsOf(given: { [Name in keyof AssetDetails]?: AssetDetails[Name] | undefined }): AssetDetails {
  const names = Object.keys(NO_DETAILS) as (keyof AssetDetails)[]
  return Object.fromEntries(names.map(name => [name, given[name] ?? NO_DETAILS[name]])) as unknown as AssetDetails
}
