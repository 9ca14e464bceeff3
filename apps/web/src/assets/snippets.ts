import type { Asset } from '@darkroom/contracts'
import { displayVariantsOf } from './display-variants.ts'
import { type ReadyVariant, readyVariants } from './ready-variants.ts'

/** Returns the ready variants as JSON for a developer to paste. */
export function variantsJson(asset: Asset): string {
  const variants = readyVariants(asset).map(({ name, url, contentType, width, height, byteSize }) => ({
    name,
    url,
    contentType,
    width,
    height,
    byteSize,
  }))
  return JSON.stringify({ id: asset.id, filename: asset.filename, variants }, null, 2)
}

const MAX_ASPECT_DIFFERENCE = 0.02

export interface Snippet {
  /** The tag, for a label. */
  tag: 'img srcset' | 'video' | 'audio'
  html: string
}

/** Returns the HTML that shows an asset of its kind; null while no variant can be shown by a tag. */
export function snippetOf(asset: Asset): Snippet | null {
  const { video, audio, image } = displayVariantsOf(asset)
  if (asset.kind === 'video') return video && { tag: 'video', html: videoSnippet(video, image) }
  if (asset.kind === 'audio')
    return audio && { tag: 'audio', html: `<audio controls src="${attribute(audio.url)}"></audio>` }
  const html = asset.kind === 'image' ? imgSnippet(asset) : null
  return html === null ? null : { tag: 'img srcset', html }
}

function videoSnippet(video: ReadyVariant, poster: ReadyVariant | null): string {
  return [
    '<video',
    `  src="${attribute(video.url)}"`,
    ...(poster ? [`  poster="${attribute(poster.url)}"`] : []),
    `  width="${video.width}" height="${video.height}"`,
    '  controls playsinline preload="metadata"></video>',
  ].join('\n')
}

/** Builds an `<img>` with a srcset of the uncropped images in the most common format; null when there are none. */
function imgSnippet(asset: Asset): string | null {
  const candidates = distinctWidths(sameFormat(uncropped(asset)))
  const largest = candidates.at(-1)
  if (!largest) return null
  const srcset = candidates.map(({ url, width }) => `${attribute(url)} ${width}w`).join(',\n    ')
  return [
    '<img',
    `  src="${attribute(largest.url)}"`,
    `  srcset="${srcset}"`,
    '  sizes="100vw"',
    `  width="${largest.width}" height="${largest.height}"`,
    '  alt="" loading="lazy" decoding="async">',
  ].join('\n')
}

function uncropped(asset: Asset): ReadyVariant[] {
  const { width: assetWidth, height: assetHeight } = asset
  return readyVariants(asset).filter(({ contentType, width, height }) => {
    if (!contentType?.startsWith('image/') || !width || !height) return false
    if (!assetWidth || !assetHeight) return true
    const aspect = assetWidth / assetHeight
    return Math.abs(width / height - aspect) / aspect <= MAX_ASPECT_DIFFERENCE
  })
}

function sameFormat(variants: ReadyVariant[]): ReadyVariant[] {
  const groups = Object.values(Object.groupBy(variants, variant => variant.contentType ?? ''))
  return groups.toSorted((a, b) => (b?.length ?? 0) - (a?.length ?? 0))[0] ?? []
}

/** Filters variants to one of each width: a small source is not enlarged, so several names may have the same width. */
const distinctWidths = (variants: ReadyVariant[]): ReadyVariant[] =>
  variants.filter((variant, index) => variants.findIndex(other => other.width === variant.width) === index)

const attribute = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
