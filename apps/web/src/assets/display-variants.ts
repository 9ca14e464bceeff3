import type { Asset, Variant, WrittenAudioType } from '@darkroom/contracts'
import { type ReadyVariant, readyVariants } from './ready-variants.ts'

/** What of an asset a person can look at, listen to or read. */
export interface DisplayVariants {
  /** The image for a large place: of a document its first page, of an audio file its cover. */
  image: ReadyVariant | null
  /** The waveform of an audio file. */
  strip: ReadyVariant | null
  video: ReadyVariant | null
  audio: ReadyVariant | null
  text: ReadyVariant | null
}

/** Wide enough for the page on a sharp screen; a larger file would only be slower. */
const WANTED_WIDTH = 1280

/** How many times as wide as high an image is, from where on it is shown as a strip. */
const STRIP_ASPECT = 3

/** The player is given one file and has no other to fall back to: what every browser plays comes first. */
const AUDIO_TYPES: readonly WrittenAudioType[] = ['audio/mp4', 'audio/mpeg', 'audio/ogg']

export function displayVariantsOf(asset: Asset): DisplayVariants {
  const ready = readyVariants(asset)
  const images = ready.filter(({ contentType }) => contentType?.startsWith('image/'))
  const strip = asset.kind === 'audio' ? (images.find(isStrip) ?? null) : null
  const whole = images.filter(image => image !== strip && !(asset.kind === 'document' && isLaterPage(image)))
  const videos = ready.filter(variant => variant.contentType === 'video/mp4' && !isPartOfStream(variant, asset))
  const audioFiles = AUDIO_TYPES.flatMap(type => ready.filter(({ contentType }) => contentType === type))
  return {
    image: fitting(whole),
    strip,
    video: fitting(videos),
    audio: asset.kind === 'audio' ? (audioFiles[0] ?? null) : null,
    text: ready.find(({ contentType }) => contentType?.startsWith('text/plain')) ?? null,
  }
}

/** Tells whether a variant of an audio file is its waveform, ready or pending. */
export const isStrip = ({ contentType, width, height }: Variant): boolean =>
  contentType?.startsWith('image/') === true && width !== null && height !== null && width >= height * STRIP_ASPECT

/** Chooses the largest variant that is not too large, else the smallest. They are sorted by size. */
const fitting = (variants: readonly ReadyVariant[]): ReadyVariant | null =>
  variants.findLast(({ width }) => (width ?? 0) <= WANTED_WIDTH) ?? variants[0] ?? null

/** Tells whether a variant is a later page: pages are called `page-1`, `page-2` and so on. */
const isLaterPage = ({ name }: ReadyVariant): boolean => Number(/-(\d+)$/.exec(name)?.[1] ?? 1) > 1

/** Tells whether a variant belongs to a stream: `hls-720-media` has the segments of the playlist `hls-720`. */
const isPartOfStream = ({ name }: ReadyVariant, { variants }: Asset): boolean =>
  variants.some(other => name === `${other.name}-media`)
