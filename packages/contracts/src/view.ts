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
    .meta({ description: 'Seconds that the URLs work; as long as somebody may look, for a video also its pauses.' }),
})

export const View = z
  .object({
    expiresAt: z.iso.datetime().meta({ description: 'From then on the URLs below `/v/` answer 410.' }),
    urls: z.record(z.string(), z.url()).meta({
      description: 'Of each variant that is ready, by its name. Whoever has one sees this asset until then.',
      example: { thumb: 'https://media.example.com/v/AZ4m/thumb.webp' },
    }),
    manifest: Manifest,
  })
  .meta({ id: 'View', description: 'How to show an asset that is not public, with URLs that need no key and expire.' })
export type View = z.output<typeof View>
