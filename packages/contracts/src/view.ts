import { z } from 'zod'
import { Manifest, ManifestQuery } from './manifest.ts'

/** A week: as long as a URL of the store can be signed. */
const MAX_TTL_SEC = 604_800

export const ViewQuery = ManifestQuery.extend({
  ttl: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_TTL_SEC)
    .default(3600)
    .meta({ description: 'Lifetime of the URLs in seconds. For a video, include pauses.' }),
})

export const View = z
  .object({
    expiresAt: z.iso
      .datetime()
      .meta({ description: 'When the URLs below `/v/` expire; from then on they return 410.' }),
    urls: z.record(z.string(), z.url()).meta({
      description: 'URL of each variant that is ready, by name. Anyone with a URL can see this asset until it expires.',
      example: { thumb: 'https://media.example.com/v/AZ4m/thumb.webp' },
    }),
    manifest: Manifest,
  })
  .meta({ id: 'View', description: 'URLs of an asset that is not public. They need no API key, and they expire.' })
export type View = z.output<typeof View>
