import type { Asset, Manifest } from '@darkroom/contracts'
import { describe, expect, it } from 'vitest'
import { codeSnippets } from './snippets.ts'

const ASSET = { id: 'a1', width: 640, height: 360 } as Asset
const NONE = { html: null, hls: null, picture: null, poster: null, cover: null, preview: null } as unknown as Manifest
const labels = (manifest: Partial<Manifest>) => codeSnippets(ASSET, { ...NONE, ...manifest }).map(({ label }) => label)

describe('snippets', () => {
  it('are of what was made', () => {
    expect(labels({})).toEqual([])
    expect(labels({ kind: 'image', html: '<picture>…</picture>', picture: {} as never })).toEqual([
      '<picture>',
      'React',
    ])
    expect(
      labels({ kind: 'video', html: '<video controls>', hls: { url: 'u' } as never, poster: {} as never }),
    ).toEqual(['<video>', 'HLS', 'React'])
    expect(labels({ kind: 'audio', html: '<audio controls>' })).toEqual(['<audio>'])
  })

  it('name the asset and its size, and keep a URL within its quotes', () => {
    const [hls, react] = codeSnippets(ASSET, { ...NONE, hls: { url: 'https://x/"a' } as never, poster: {} as never })
    expect(react?.code).toContain('<Image asset="a1" width={640} height={360} sizes="100vw" />')
    expect(hls?.code).toContain(String.raw`const source = "https://x/\"a"`)
  })
})
