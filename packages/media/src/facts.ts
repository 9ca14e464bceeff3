import { MEDIA_TYPES, type MediaKind, type MediaTypeOf } from '@darkroom/contracts/media-types'
import { z } from 'zod'
import { MAX_TAG_CHARS } from './ffmpeg/clean-tag.ts'

const typesOf = <Kind extends MediaKind>(kind: Kind) =>
  z.enum(
    Object.entries(MEDIA_TYPES)
      .filter(([, entry]) => entry.kind === kind)
      .map(([type]) => type) as [MediaTypeOf<Kind>, ...MediaTypeOf<Kind>[]],
  )

const pixels = z.int().min(1)
const detail = z.union([z.string().max(500), z.number(), z.boolean()])

/** More say nothing that a list could show. */
export const MAX_CHAPTERS = 500

/** On the clock of what is made of the file; in order, and none overlaps another. */
export const Chapter = z.object({
  startMs: z.int().min(0),
  endMs: z.int().min(1),
  title: z
    .string()
    .min(1)
    .max(MAX_TAG_CHARS)
    .regex(/^\P{Cc}*$/u),
})
export type Chapter = z.output<typeof Chapter>

const chapters = z.array(Chapter).max(MAX_CHAPTERS)

/** What everybody may see: never a position, never a serial number. Nested one level, for groups such as `camera`. */
const details = z.record(z.string().max(60), z.union([detail, z.record(z.string().max(60), detail), chapters]))

export const ImageFacts = z.object({
  kind: z.literal('image'),
  /** The true type; of the same family as the declared one, or the probe would have failed. */
  contentType: typesOf('image'),
  /** Upright, of one frame or page. */
  width: pixels,
  height: pixels,
  /** The EXIF orientation (1 to 8) that is still to be applied; 1 where the decoder applies it by itself. */
  orientation: z.int().min(1).max(8),
  animated: z.boolean(),
  frameCount: z.int().min(1),
  pageCount: z.int().min(1).nullable(),
  durationMs: z.int().min(0).nullable(),
  hasAlpha: z.boolean(),
  /** libvips' name of the source's colour space: srgb, rgb16, b-w, grey16, cmyk … */
  colorSpace: z.string().max(40),
  /** The description inside the embedded ICC profile. */
  iccProfile: z.string().max(200).nullable(),
  bitDepth: z.int().min(1).max(64),
  details,
})
export type ImageFacts = z.output<typeof ImageFacts>

export const VideoFacts = z.object({
  kind: z.literal('video'),
  contentType: typesOf('video'),
  /** As shown: turned upright, with square pixels. */
  width: pixels,
  height: pixels,
  animated: z.literal(true),
  pageCount: z.null(),
  durationMs: z.int().min(0),
  /** Frames per second, on average. */
  frameRate: z.number().min(0),
  /** Clockwise degrees that the decoder turns by itself: 0, 90, 180 or 270. */
  rotation: z.int().min(0).max(270),
  hasAudio: z.boolean(),
  /** PQ or HLG: has to be brought to SDR. */
  isHdr: z.boolean(),
  isInterlaced: z.boolean(),
  /** Whether its frames can have transparent parts. */
  hasAlpha: z.boolean(),
  /** How the samples are to be read; by the size where the video does not say it. */
  colorMatrix: z.enum(['bt601', 'bt709', 'smpte240m', 'fcc', 'bt2020', 'bt2020c', 'ycgco', 'rgb']),
  /** What its red, green and blue are; all but wide ones count as BT.709's. `smpte432` is Display P3. */
  colorPrimaries: z.enum(['bt709', 'bt2020', 'smpte431', 'smpte432']),
  /** When the last frame ends; the audio may go on. */
  shownMs: z.int().min(0),
  /** Of a damaged file: frames that it should have, by its length and rate, and has not. */
  missingFrames: z.int().min(0),
  /** Seconds from one key frame to the next, on average. */
  keyFrameSec: z.number().min(0),
  /** Index of the stream that is shown, and of the one that is heard. */
  videoStream: z.int().min(0),
  audioStream: z.int().min(0).nullable(),
  /** Of what is heard; null with `audioStream`. Sample rate in Hz; `startSec` after the video begins. */
  audioFormat: z
    .object({ channels: z.int().min(1), sampleRate: z.int().min(1), startSec: z.number().min(0).default(0) })
    .nullable(),
  chapters: chapters.default([]),
  details,
})
export type VideoFacts = z.output<typeof VideoFacts>

export const AudioFacts = z.object({
  kind: z.literal('audio'),
  contentType: z.union([typesOf('audio'), typesOf('video')]),
  width: z.null(),
  height: z.null(),
  animated: z.null(),
  pageCount: z.null(),
  durationMs: z.int().min(0),
  sampleRate: z.int().min(1),
  channels: z.int().min(1),
  audioStream: z.int().min(0),
  /** The embedded image. */
  cover: z.object({ stream: z.int().min(0), width: pixels, height: pixels }).nullable(),
  chapters: chapters.default([]),
  details,
})
export type AudioFacts = z.output<typeof AudioFacts>

export const DocumentFacts = z.object({
  kind: z.literal('document'),
  contentType: typesOf('document'),
  /** Of the first page, in pixels at 72 dpi, upright; null where nothing tells. */
  width: pixels.nullable(),
  height: pixels.nullable(),
  animated: z.null(),
  pageCount: z.int().min(1).nullable(),
  durationMs: z.null(),
  /** Of the first pages, in points, upright; none for what is not a PDF. */
  pages: z.array(z.object({ width: z.number().positive(), height: z.number().positive() })).max(50),
  details,
})
export type DocumentFacts = z.output<typeof DocumentFacts>

/**
 * What a probe found out about a file. The child that wrote it has touched untrusted bytes, so the parent checks every
 * answer against this schema.
 */
export const Facts = z.discriminatedUnion('kind', [ImageFacts, VideoFacts, AudioFacts, DocumentFacts])
export type Facts = z.output<typeof Facts>
export type FactsOf<Kind extends MediaKind> = Extract<Facts, { kind: Kind }>
