import { z } from 'zod'
import { MEDIA_KINDS } from './media-types.ts'

export const ManifestQuery = z.object({
  sizes: z.string().min(1).max(500).default('100vw').meta({
    description: 'The `sizes` attribute: how wide the image is displayed.',
    example: '(max-width: 600px) 100vw, 600px',
  }),
  alt: z
    .string()
    .max(2000)
    .optional()
    .meta({ description: 'Text for the `alt` attribute of the snippet. Default: `altText` of the asset.' }),
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
  .meta({ id: 'ManifestFile', description: 'A file that is ready.' })
export type ManifestFile = z.output<typeof ManifestFile>

const file = ManifestFile.nullable()

export const ManifestTrack = ManifestFile.omit({ width: true, height: true })
  .extend({ kind: z.enum(['chapters']).meta({ description: 'The `kind` of the `<track>`.' }) })
  .meta({ id: 'ManifestTrack', description: 'Attributes for a `<track>`.' })
export type ManifestTrack = z.output<typeof ManifestTrack>

export const ManifestPicture = z
  .object({
    sources: z
      .array(z.object({ type: z.string(), srcset: z.string(), sizes: z.string() }))
      .meta({ description: 'One per format, best first: the attributes for a `<source>`.' }),
    img: z.object({ src: z.url(), srcset: z.string(), sizes: z.string(), width: z.int(), height: z.int() }).meta({
      description:
        'Fallback for browsers that support none of the sources; `width` and `height` prevent layout shifts.',
    }),
  })
  .meta({ id: 'ManifestPicture' })
export type ManifestPicture = z.output<typeof ManifestPicture>

export const ManifestPlaceholder = z
  .object({
    dominantColor: z.string(),
    thumbhash: z.string(),
    dataUrl: z.string().meta({ description: 'A blurred preview of a few pixels, as a PNG data URL.' }),
    css: z.string().meta({
      description: 'Colour and blurred preview as CSS for a `style` attribute.',
      example: 'background:#8a7f6b',
    }),
  })
  .meta({ id: 'ManifestPlaceholder', description: 'Placeholder to show until the image is loaded.' })
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
      description: 'For an image: the uncropped image, in every format and width.',
    }),
    animations: z.array(ManifestFile).meta({ description: 'The animation of an animated image.' }),
    sources: z.array(ManifestFile).meta({ description: 'Sources for a `<video>` or `<audio>`, best first.' }),
    tracks: z.array(ManifestTrack).meta({
      description:
        'Text tracks for a `<video>` or `<audio>`, such as chapters; only if a browser can load them without a key.',
    }),
    hls: file.meta({ description: 'Master playlist; only if a browser can load its segments without a key.' }),
    poster: file,
    preview: file,
    storyboard: z.object({ picture: ManifestFile, vtt: ManifestFile }).nullable().meta({
      description:
        'Image with the frames and a WebVTT file with their positions; only if a browser can load them without a key.',
    }),
    waveform: file,
    peaks: file,
    cover: file,
    pages: z.array(ManifestFile).meta({ description: 'Images of the first pages, in order.' }),
    text: file,
    html: z.string().nullable().meta({ description: 'HTML ready to paste; null if there is nothing to show yet.' }),
  })
  .meta({
    id: 'Manifest',
    description: 'URLs and attributes to show an asset in a web page. It has only files that are ready.',
  })
export type Manifest = z.output<typeof Manifest>
