import { expect, test } from 'vitest'
import { testAsset, testVariant } from '../testing/test-asset.ts'
import { readyVariants } from './ready-variants.ts'
import { snippetOf, variantsJson } from './snippets.ts'

const thumb = testVariant({ name: 'thumb', width: 256, height: 256 })
const small = testVariant({ name: 'small' })
const large = testVariant({ name: 'large', width: 1600, height: 1200, url: 'https://cdn.example/large?a=1&b="2"' })
const jpeg = testVariant({ name: 'jpeg', contentType: 'image/jpeg', width: 1280, height: 960 })
const pending = testVariant({ name: 'pending', status: 'pending', url: null })
const asset = testAsset({ variants: [large, pending, jpeg, small, thumb] })

test('lists what is ready, the smallest first', () => {
  expect(readyVariants(asset).map(variant => variant.name)).toEqual(['thumb', 'small', 'jpeg', 'large'])
})

test('offers uncropped images of one format in a srcset, with escaped URLs', () => {
  const snippet = snippetOf(asset)?.html
  expect(snippet).toContain('https://cdn.example/small 640w')
  expect(snippet).toContain('https://cdn.example/large?a=1&amp;b=&quot;2&quot; 1600w')
  expect(snippet).toContain('width="1600" height="1200"')
  expect(snippet).not.toContain('thumb')
  expect(snippet).not.toContain('jpeg')
})

test('takes each width once', () => {
  const twin = testVariant({ name: 'twin' })
  expect(snippetOf(testAsset({ variants: [small, twin] }))?.html.match(/640w/g)).toHaveLength(1)
})

test.each(['image', 'video', 'audio', 'document'] as const)(
  'has no snippet for what is not made of a kind %s',
  kind => {
    expect(snippetOf(testAsset({ kind, variants: [pending] }))).toBeNull()
  },
)

test('offers a video with its poster and an audio file alone', () => {
  const video = testVariant({ name: 'mp4', contentType: 'video/mp4', width: 1280, height: 720 })
  const audio = testVariant({ name: 'aac', contentType: 'audio/mp4', width: null, height: null })
  const snippet = snippetOf(testAsset({ kind: 'video', variants: [thumb, video] }))
  expect(snippet).toMatchObject({ tag: 'video', html: expect.stringContaining('src="https://cdn.example/mp4"') })
  expect(snippet?.html).toContain('poster="https://cdn.example/thumb"')
  expect(snippetOf(testAsset({ kind: 'audio', variants: [audio] }))).toEqual({
    tag: 'audio',
    html: '<audio controls src="https://cdn.example/aac"></audio>',
  })
})

test('offers no pages of a document as sizes of one image', () => {
  expect(snippetOf(testAsset({ kind: 'document', variants: [small] }))).toBeNull()
})

test('writes the ready variants as JSON', () => {
  expect(JSON.parse(variantsJson(testAsset({ variants: [small, pending] })))).toEqual({
    id: 'a1',
    filename: 'cat.jpg',
    variants: [
      {
        name: 'small',
        url: 'https://cdn.example/small',
        contentType: 'image/webp',
        width: 640,
        height: 480,
        byteSize: 1000,
      },
    ],
  })
})
