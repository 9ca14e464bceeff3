import type { Manifest, ManifestFile, MediaKind } from '@darkroom/contracts'

type Shown = Omit<Manifest, 'html'>
type Attributes = Record<string, string | number | true | null | undefined>

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, character => ESCAPES[character] ?? character)

function tag(name: string, attributes: Attributes): string {
  const written = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === null || value === undefined) return []
    return value === true ? [` ${key}`] : [` ${key}="${escapeHtml(String(value))}"`]
  })
  return `<${name}${written.join('')}>`
}

const sourceTag = ({ url, type }: ManifestFile) => `  ${tag('source', { src: url, type })}`
const around = (open: string, inner: string[], close: string) => [open, ...inner, close].join('\n')

const SNIPPETS: Record<MediaKind, (shown: Shown, alt: string) => string | null> = {
  image: ({ picture, placeholder }, alt) =>
    picture &&
    around(
      '<picture>',
      [
        ...picture.sources.map(source => `  ${tag('source', source)}`),
        `  ${tag('img', { ...picture.img, alt, style: placeholder?.css, loading: 'lazy', decoding: 'async' })}`,
      ],
      '</picture>',
    ),

  video({ sources, hls, poster, width, height, placeholder }) {
    const playable = hls ? [hls, ...sources] : sources
    if (playable.length === 0) return null
    const size = { width: poster?.width ?? width, height: poster?.height ?? height }
    const attributes = { controls: true, playsinline: true, preload: 'metadata' } as const
    const open = tag('video', { ...attributes, poster: poster?.url, ...size, style: placeholder?.css })
    return around(open, playable.map(sourceTag), '</video>')
  },

  audio: ({ sources }) =>
    sources.length > 0
      ? around(tag('audio', { controls: true, preload: 'metadata' }), sources.map(sourceTag), '</audio>')
      : null,

  document({ pages: [first] }, alt) {
    return first ? tag('img', { src: first.url, width: first.width, height: first.height, alt, loading: 'lazy' }) : null
  },
}

/** Returns a piece of HTML that shows an asset, with every value escaped; null when there is nothing to show. */
export const htmlOf = (shown: Shown, alt: string): string | null =>
  shown.kind ? SNIPPETS[shown.kind](shown, alt) : null
