import { describe, expect, it } from 'vitest'
import { BUILT_IN_PRESETS } from './built-in.ts'
import { PresetDefinition } from './definition.ts'

const faults = (definition: object): string[] =>
  (PresetDefinition.safeParse(definition).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  )

describe('a preset', () => {
  it('takes an image without saying that it is one', () => {
    const { image } = PresetDefinition.parse({ image: { variants: [{ name: 'thumb', format: 'webp' }] } })
    expect(image?.variants[0]).toMatchObject({ type: 'picture', required: false, fit: 'inside', quality: 80 })
  })

  it('says what is wrong and where', () => {
    const variants = [
      { name: 'A b', format: 'webp' },
      { name: 'x', format: 'none' },
      { name: 'y', format: 'webp', colour: 1 },
    ]
    expect(faults({ image: { variants } })).toEqual([
      'image.variants.0.name: expected lower-case letters, digits and hyphens, at most 63 of them',
      expect.stringMatching(/^image\.variants\.1\.format: .*"webp"/),
      expect.stringMatching(/^image\.variants\.2: Unrecognized key: "colour"/),
    ])
  })

  it.each([
    [
      'two of one name',
      'image',
      [
        { name: 'a', format: 'webp' },
        { name: 'a', format: 'png' },
      ],
      '"a"',
    ],
    [
      'a page and one of several',
      'document',
      [
        { name: 'p', type: 'page', format: 'webp', pages: 2 },
        { name: 'p-2', type: 'text' },
      ],
      '"p-2"',
    ],
    [
      'a storyboard and its cues',
      'video',
      [
        { name: 's', type: 'storyboard' },
        { name: 's-vtt', type: 'preview' },
      ],
      '"s-vtt"',
    ],
    [
      'a step of a ladder and a rendition',
      'video',
      [
        { name: 'hls', type: 'hls' },
        { name: 'hls-720', type: 'rendition', resolution: 720 },
      ],
      '"hls-720"',
    ],
    [
      'two steps of one ladder',
      'video',
      [{ name: 'hls', type: 'hls', ladder: [{ resolution: 360 }, { resolution: 360 }] }],
      '"hls-360"',
    ],
  ])('refuses %s that would be the same file', (_case, kind, variants, name) => {
    expect(faults({ [kind]: { variants } })).toContainEqual(expect.stringContaining(`another variant named ${name}`))
  })

  it.each([' ', '\u200b', '\u202e', 'a\nb', ''])('refuses %j as the text of a watermark', text => {
    const variants = [{ name: 'a', format: 'webp', watermark: { text } }]
    expect(faults({ image: { variants } })).toEqual([
      'image.variants.0.watermark.text: expected one line of visible text',
    ])
  })

  it.each(['© Ann', ' 2026 ', '\u200fשלום'])('takes %j as the text of a watermark', text => {
    expect(faults({ image: { variants: [{ name: 'a', format: 'webp', watermark: { text } }] } })).toEqual([])
  })

  it('that is built in has one name and version', () => {
    const names = BUILT_IN_PRESETS.map(({ name, version }) => `${name} ${version}`)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('default 2')
  })
})
