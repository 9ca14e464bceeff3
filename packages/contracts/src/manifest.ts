import { z } from 'zod'
import { MEDIA_KINDS } from './media-types.ts'

export const ManifestQuery = z.object({
  sizes: z.string().min(1).max(500).default('100vw').meta({
    description: 'The `sizes` attribute: how wide the picture is shown.',
    example: '(max-width: 600px) 100vw, 600px',
  }),
  alt: z.string().max(2000).default('').meta({ description: 'What the picture shows, for the `alt` of the snippet.' }),
})
export type ManifestQuery = z.output<typeof ManifestQuery>

const pixels = z.int().nullable()

export const ManifestFile = z
  .object({
    variant: z.string(),
    url: z.url(),
    type: z.string().meta({ description: 'Media type.', example: 'image/webp' }),
    width: pixels,
    height: pixels,
    byteSize: z.int().nullable(),
  })
  .meta({ id: 'ManifestFile', description: 'One file that is ready.' })
export type ManifestFile = z.output<typeof ManifestFile>

const file = ManifestFile.nullable()

export const ManifestTrack = ManifestFile.omit({ width: true, height: true })
  .extend({ kind: z.enum(['chapters']).meta({ description: 'The `kind` of the `<track>`.' }) })
  .meta({ id: 'ManifestTrack', description: 'What a `<track>` takes.' })
export type ManifestTrack = z.output<typeof ManifestTrack>

export const ManifestPicture = z
  .object({
    sources: z
      .array(z.object({ type: z.string(), srcset: z.string(), sizes: z.string() }))
      .meta({ description: 'One per format, the best first: what a `<source>` takes.' }),
    img: z
      .object({ src: z.url(), srcset: z.string(), sizes: z.string(), width: z.int(), height: z.int() })
      .meta({ description: 'For browsers that know none of the sources; `width` and `height` keep its place.' }),
  })
  .meta({ id: 'ManifestPicture' })
export type ManifestPicture = z.output<typeof ManifestPicture>

export const ManifestPlaceholder = z
  .object({
    dominantColor: z.string(),
    thumbhash: z.string(),
    dataUrl: z.string().meta({ description: 'A blurred picture of a few pixels, as a PNG.' }),
    css: z.string().meta({ description: 'Both, for the `style` of whatever waits.', example: 'background:#8a7f6b' }),
  })
  .meta({ id: 'ManifestPlaceholder', description: 'What stands in until the picture is there.' })
export type ManifestPlaceholder = z.output<typeof ManifestPlaceholder>

export const Manifest = z
  .object({
    assetId: z.uuid(),
    revision: z.int(),
    kind: z.enum(MEDIA_KINDS).nullable(),
    width: pixels,
    height: pixels,
    durationMs: pixels,
    placeholder: ManifestPlaceholder.nullable(),
    picture: ManifestPicture.nullable().meta({
      description: 'Of an image: the whole picture, in every format and width.',
    }),
    animations: z.array(ManifestFile).meta({ description: 'The moving picture of an animated image.' }),
    sources: z.array(ManifestFile).meta({ description: 'What a `<video>` or `<audio>` plays, the best first.' }),
    tracks: z.array(ManifestTrack).meta({
      description:
        'Texts for the `<track>`s of a `<video>` or `<audio>`, as the chapters of the file; only where a browser reaches them without a key.',
    }),
    hls: file.meta({ description: 'Master playlist; only where a browser reaches its parts without a key.' }),
    poster: file,
    preview: file,
    storyboard: z
      .object({ picture: ManifestFile, vtt: ManifestFile })
      .nullable()
      .meta({ description: 'Frames and where each one is; only where a browser reaches them without a key.' }),
    waveform: file,
    peaks: file,
    cover: file,
    pages: z.array(ManifestFile).meta({ description: 'Pictures of the first pages, in order.' }),
    text: file,
    html: z
      .string()
      .nullable()
      .meta({ description: 'Ready to paste; null while there is nothing that a tag could show.' }),
  })
  .meta({ id: 'Manifest', description: 'How to show an asset. Only files that are ready are in it.' })
export type Manifest = z.output<typeof Manifest>
