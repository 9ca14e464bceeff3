import { expect, it } from 'vitest'
import { referencesIn, replaceReferences } from './text-references.ts'

const MEDIA = '-AAAAAAAAAAAAAAAAAAAA_.mp4'
const SPRITE = 'BBBBBBBBBBBBBBBBBBBBBB.webp'

const PLAYLIST = `#EXTM3U
#EXT-X-MAP:URI="${MEDIA}",BYTERANGE="800@0"
#EXTINF:4.000000,
#EXT-X-BYTERANGE:1000@800
${MEDIA}
`

it('finds each file of a playlist once', () => {
  expect(referencesIn(PLAYLIST)).toEqual([MEDIA])
})

it('points a playlist and a storyboard elsewhere and leaves the rest as it was', () => {
  const urls = new Map([
    [MEDIA, 'https://store/media?X=1&Y=2'],
    [SPRITE, 'https://store/sprite?X=1'],
  ])
  expect(replaceReferences(PLAYLIST, urls)).toBe(PLAYLIST.replaceAll(MEDIA, 'https://store/media?X=1&Y=2'))
  expect(replaceReferences(`00:01.000\n${SPRITE}#xywh=0,0,64,36\n`, urls)).toBe(
    '00:01.000\nhttps://store/sprite?X=1#xywh=0,0,64,36\n',
  )
})

it.each([
  ['a name of nothing', `${'C'.repeat(22)}.mp4`],
  ['a longer name', `x${MEDIA}`],
  ['a path up', '../../secret.mp4'],
])('leaves %s alone', (_title, text) => {
  expect(replaceReferences(text, new Map([[MEDIA, 'https://store/']]))).toBe(text)
})
