import { z } from 'zod'
import { text } from './storable-text.ts'

/** Files of one archive. */
export const MAX_ARCHIVE_FILES = 1000
/** How long the URL of an archive works, in seconds: as long as a signed URL. */
export const ARCHIVE_TTL_SEC = 900

export const CreateArchive = z
  .object({
    ids: z.array(z.uuid()).min(1).max(MAX_ARCHIVE_FILES).meta({ description: 'Assets whose files it holds.' }),
    variant: text(63).optional().meta({ description: 'Name of a variant. Default: the originals.' }),
    name: text(100)
      .optional()
      .meta({ description: 'Name of the ZIP file, without its extension. Default: `darkroom`.' }),
  })
  .meta({ id: 'CreateArchive', example: { ids: ['019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6002'], name: 'summer' } })
export type CreateArchive = z.output<typeof CreateArchive>

export const ArchiveCreated = z
  .object({
    url: z.url().meta({
      description: 'Streams the ZIP file. Whoever has the URL can download it until `expiresAt`; it needs no API key.',
    }),
    expiresAt: z.iso.datetime(),
    files: z.int().meta({ description: 'Number of files in it.' }),
    byteSize: z.int().meta({ description: 'Size of these files together.' }),
    missing: z
      .array(z.uuid())
      .meta({ description: 'Ids of assets that are left out: unknown, deleted, or without this file (yet).' }),
  })
  .meta({ id: 'ArchiveCreated' })
export type ArchiveCreated = z.output<typeof ArchiveCreated>
