import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { createDarkroom } from '../darkroom.ts'
import type { Asset, Manifest } from '../types.ts'
import { Image, type ImageProps } from './image.tsx'
import { DarkroomProvider } from './provider.tsx'

const PLACEHOLDER = { dominantColor: '#8a7f6b', thumbhash: '', dataUrl: 'data:image/png;base64,AA==', css: '' }
const IMG = { src: 'https://cdn.example.com/a.jpg', srcset: 'https://cdn.example.com/a.jpg 600w', sizes: '100vw' }
const AVIF = { type: 'image/avif', srcset: 'https://cdn.example.com/a.avif 600w', sizes: '100vw' }

const manifest = {
  assetId: 'a',
  placeholder: PLACEHOLDER,
  picture: { sources: [AVIF], img: { ...IMG, width: 600, height: 400 } },
} as unknown as Manifest

const asset = { id: 'a', revision: 1, status: 'processing', metadata: { alt: 'A beach' }, variants: [] }

/** Renders as a server does: nothing is fetched. */
function render(props: ImageProps): string {
  const client = createDarkroom({ url: 'https://media.example.com', fetch: () => Promise.reject(new Error('fetched')) })
  return renderToString(
    <DarkroomProvider client={client}>
      <Image {...props} />
    </DarkroomProvider>,
  )
}

describe('an image in the HTML of a server', () => {
  it('is the whole picture of a manifest, in the size that is asked for', () => {
    const html = render({ asset: manifest, alt: 'A beach', width: 300, sizes: '300px' })
    expect(html).toContain('<source type="image/avif" srcSet="https://cdn.example.com/a.avif 600w" sizes="300px"/>')
    const [img = ''] = /<img[^>]*>/.exec(html) ?? []
    for (const attribute of ['width="300"', 'height="200"', 'alt="A beach"', 'loading="lazy"', 'src="https://cdn'])
      expect(img).toContain(attribute)
    expect(img).toContain('background-color:#8a7f6b')
  })

  it('is a place of the same size while the asset is processed, with its text', () => {
    const html = render({ asset: asset as unknown as Asset, width: 300, height: 200 })
    expect(html).toMatch(/^<span role="img" aria-label="A beach" aria-busy="true" style="[^"]*aspect-ratio:300 \/ 200/)
  })

  it('is the advice, or what the page says, when processing has failed', () => {
    const error = { code: 'CORRUPT_FILE', message: 'broken', retryable: false }
    const failed = { ...asset, status: 'failed', error } as unknown as Asset
    expect(render({ asset: failed })).toMatch(/>[A-Z][^<]+\.<\/span>$/)
    expect(render({ asset: failed, failed: ({ code }) => createElement('b', null, code) })).toContain(
      '<b>CORRUPT_FILE</b>',
    )
  })

  it('needs a provider', () => {
    expect(() => renderToString(<Image asset="a" />)).toThrow('<DarkroomProvider')
  })
})
