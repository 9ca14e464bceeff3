import { BUILT_IN_PRESETS, type MediaKind } from '@darkroom/contracts'
import type { AssetRecord } from '@darkroom/db/assets'
import { describe, expect, it } from 'vitest'
import type { ApiSettings } from '../deps.ts'
import { presentManifest } from './manifest.ts'
import { withKey } from './places.ts'

const SETTINGS = {
  publicUrl: () => 'https://api.example.com',
  cdnBaseUrl: 'https://cdn.example.com',
  publicBucket: 'public',
} as ApiSettings

type Row = [
  name: string,
  contentType: string,
  width?: number | null | undefined,
  height?: number | null | undefined,
  status?: string,
]

const asset = (kind: MediaKind, more: object = {}) => ({
  id: 'a1',
  revision: 3,
  kind,
  width: 3000,
  height: 2000,
  durationMs: null,
  placeholder: null,
  ...more,
})

function manifestOf(
  kind: MediaKind,
  preset: string,
  rows: Row[],
  { settings = SETTINGS, query = {}, more = {} }: { settings?: ApiSettings; query?: object; more?: object } = {},
) {
  const variants = rows.map(([name, contentType, width = null, height = null, status = 'ready']) => ({
    name,
    contentType,
    width,
    height,
    status,
    byteSize: 10,
    bucket: 'public',
    key: `variants/${name}`,
  }))
  const delivery = { cdnBaseUrl: null, isPrivate: false }
  const record = { asset: asset(kind, more), variants, delivery } as unknown as AssetRecord
  const definition = BUILT_IN_PRESETS.findLast(({ name }) => name === preset)?.definition ?? {}
  return presentManifest(withKey(settings), record, definition as never, { sizes: '100vw', alt: '', ...query })
}

const ARTICLE: Row[] = [
  ['w480', 'image/webp', 480, 320],
  ['w480-avif', 'image/avif', 480, 320],
  ['w960', 'image/webp', 960, 640],
  ['w960-avif', 'image/avif', 960, 640],
  ['share', 'image/jpeg', 1200, 630],
]

describe('an image', () => {
  it('has a source per format, the best first, and leaves crops out', () => {
    const { picture } = manifestOf('image', 'article', ARTICLE)
    expect(picture).toEqual({
      sources: [
        {
          type: 'image/avif',
          srcset: 'https://cdn.example.com/variants/w480-avif 480w, https://cdn.example.com/variants/w960-avif 960w',
          sizes: '100vw',
        },
      ],
      img: {
        src: 'https://cdn.example.com/variants/w960',
        srcset: 'https://cdn.example.com/variants/w480 480w, https://cdn.example.com/variants/w960 960w',
        sizes: '100vw',
        width: 960,
        height: 640,
      },
    })
  })

  it('falls back to JPEG where there is one, and names a width once', () => {
    const { picture } = manifestOf('image', 'default', [
      ['thumb', 'image/webp', 256, 256],
      ['small', 'image/webp', 600, 400],
      ['medium', 'image/webp', 600, 400],
      ['medium-jpeg', 'image/jpeg', 600, 400],
    ])
    expect(picture?.sources.map(({ type, srcset }) => [type, srcset.split(', ').length])).toEqual([['image/webp', 1]])
    expect(picture?.img.src).toMatch(/medium-jpeg$/)
  })

  it('that has crops only shows those', () => {
    const rows = [64, 128, 256].map((size): Row => [`avatar-${size}`, 'image/webp', size, size])
    const { picture } = manifestOf('image', 'avatar', rows)
    expect([picture?.sources, picture?.img.width]).toEqual([[], 256])
  })

  it('shows only what is ready, and nothing while nothing is', () => {
    const pending = ARTICLE.map(([name, type, width, height]): Row => [name, type, width, height, 'pending'])
    expect(manifestOf('image', 'article', pending)).toMatchObject({ picture: null, html: null })
  })

  it('puts what it is given into attributes and nowhere else', () => {
    const alt = `"><script>alert('1')</script>&`
    const { html } = manifestOf('image', 'article', ARTICLE, { query: { alt, sizes: '" onload="x' } })
    expect(html).not.toContain('<script')
    expect(html).toContain('alt="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;"')
    expect(html).toContain('sizes="&quot; onload=&quot;x"')
    expect(html).toMatch(
      /^<picture>\n {2}<source type="image\/avif" srcset="[^"]+" sizes="[^"]+">\n {2}<img [^\n]+>\n<\/picture>$/,
    )
  })

  it('has a placeholder that needs no script', () => {
    const placeholder = { thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI', dominantColor: '#8a7f6b' }
    const { html, ...manifest } = manifestOf('image', 'article', ARTICLE, { more: { placeholder } })
    expect(manifest.placeholder?.dataUrl).toMatch(/^data:image\/png;base64,iVBORw0KGgo/)
    expect(html).toContain(`style="background:#8a7f6b url(data:image/png;base64,`)
  })
})

describe('a video', () => {
  const VIDEO: Row[] = [
    ['thumb', 'image/webp', 256, 256],
    ['poster', 'image/webp', 1280, 720],
    ['storyboard', 'image/jpeg', 1600, 900],
    ['storyboard-vtt', 'text/vtt'],
    ['chapters', 'text/vtt'],
    ['mp4-720', 'video/mp4', 1280, 720],
    ['hls-720', 'application/vnd.apple.mpegurl', 1280, 720],
    ['hls-720-media', 'video/mp4', 1280, 720],
    ['hls', 'application/vnd.apple.mpegurl'],
  ]

  it('has playlist, file, poster and storyboard', () => {
    const manifest = manifestOf('video', 'video-on-demand', VIDEO)
    expect(manifest).toMatchObject({
      hls: { variant: 'hls' },
      sources: [{ variant: 'mp4-720' }],
      poster: { variant: 'poster' },
      storyboard: { picture: { variant: 'storyboard' }, vtt: { variant: 'storyboard-vtt' } },
    })
    const url = 'https://cdn.example.com/variants/chapters'
    expect(manifest.tracks).toEqual([{ kind: 'chapters', variant: 'chapters', url, type: 'text/vtt', byteSize: 10 }])
    expect(manifest.html).toContain('poster="https://cdn.example.com/variants/poster" width="1280" height="720"')
    expect(manifest.html?.match(/<source/g)).toHaveLength(2)
  })

  it('has no playlist and no track where a browser could not reach them', () => {
    const settings = { ...SETTINGS, cdnBaseUrl: null }
    const manifest = manifestOf('video', 'video-on-demand', VIDEO, { settings })
    expect(manifest).toMatchObject({ hls: null, storyboard: null, tracks: [] })
    expect(manifest.sources[0]?.url).toBe('https://api.example.com/v1/assets/a1/download?variant=mp4-720')
  })
})

it('an audio file has its files in the order in which a browser should try them, waveform and peaks', () => {
  const manifest = manifestOf('audio', 'podcast', [
    ['mp3', 'audio/mpeg'],
    ['aac', 'audio/mp4'],
    ['opus', 'audio/ogg'],
    ['peaks', 'application/json'],
    ['waveform', 'image/webp', 1200, 200],
  ])
  expect(manifest.sources.map(({ variant }) => variant)).toEqual(['opus', 'aac', 'mp3'])
  expect(manifest).toMatchObject({ peaks: { variant: 'peaks' }, waveform: { variant: 'waveform' }, picture: null })
  expect(manifest.html).toMatch(/^<audio controls preload="metadata">/)
})

it('a document has its pages and its text', () => {
  const manifest = manifestOf('document', 'default', [
    ['thumb', 'image/webp', 181, 256],
    ['page-1', 'image/webp', 905, 1280],
    ['page-2', 'image/webp', 905, 1280],
    ['text', 'text/plain'],
  ])
  expect(manifest.pages.map(({ variant }) => variant)).toEqual(['page-1', 'page-2'])
  expect(manifest.text?.variant).toBe('text')
  expect(manifest.html).toContain('variants/page-1"')
})
