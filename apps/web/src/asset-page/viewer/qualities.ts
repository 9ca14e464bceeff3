import type { Asset } from '@darkroom/contracts'
import { type ReadyVariant, readyVariants } from '../../assets/ready-variants.ts'

export interface Quality {
  /** Of the variant that is played. */
  name: string
  label: string
  variant: ReadyVariant
}

const HLS_TYPE = 'application/vnd.apple.mpegurl'

/** Tells whether this browser plays playlists by itself, as Safari and Chromium do. */
export const playsHls = (): boolean => document.createElement('video').canPlayType(HLS_TYPE) !== ''

/**
 * Lists what a video can be played as, the best choice for most first: the playlist that goes by the connection, where the browser
 * plays one, then one file of each height. Steps of a playlist are files that any browser plays.
 */
export function qualitiesOf(asset: Pick<Asset, 'variants'>, hlsName: string | null, canPlayHls: boolean): Quality[] {
  const ready = readyVariants(asset)
  const playlist = ready.find(({ name }) => name === hlsName)
  const files = ready.filter(({ contentType, height, name }) => contentType === 'video/mp4' && height && !isShort(name))
  // Of one height the whole file first: it has its length in front.
  const byHeight = Object.values(Object.groupBy(files, ({ height }) => String(height))).map(
    same => same?.find(({ name }) => !name.endsWith('-media')) ?? same?.[0],
  )
  const choices = byHeight
    .filter(file => file !== undefined)
    .toSorted((a, b) => (b.height ?? 0) - (a.height ?? 0))
    .map(variant => ({ name: variant.name, label: `${variant.height}p`, variant }))
  if (!playlist || !canPlayHls) return choices
  return [{ name: playlist.name, label: 'Auto', variant: playlist }, ...choices]
}

/** The preview is a few seconds of the video, and an animation is none. */
const isShort = (name: string): boolean => /^(preview|animation)/.test(name)
