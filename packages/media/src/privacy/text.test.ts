import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { PlannedVariant } from '../planned.ts'
import { TEXT_CHECKS } from './text.ts'

const places = { outDir: '/data/tmp/w1/run-7', file: '/data/tmp/w1/run-7/source' }

type Type = PlannedVariant['type']

async function check(contentType: keyof typeof TEXT_CHECKS, text: string, type: Type = 'text'): Promise<string[]> {
  const dir = await mkdtemp(path.join(tmpdir(), 'text-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const file = path.join(dir, 'made.txt')
  await writeFile(file, text)
  return TEXT_CHECKS[contentType]({ type }, { file }, places)
}

const MASTER = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=1200000,AVERAGE-BANDWIDTH=900000,RESOLUTION=1280x720,FRAME-RATE=29.970,CODECS="avc1.64001f,mp4a.40.2"
{{hls-720}}
`
const PLAYLIST = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:6
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MAP:URI="{{hls-720-media}}",BYTERANGE="1330@0"
#EXTINF:6.000000,
#EXT-X-BYTERANGE:400123@1330
{{hls-720-media}}
#EXT-X-ENDLIST
`
const CAPTIONS = `WEBVTT

00:00:00.000 --> 00:00:05.000
{{storyboard}}#xywh=0,0,160,90
`
const PEAKS = JSON.stringify({
  version: 2,
  channels: 1,
  sample_rate: 44100,
  samples_per_pixel: 441,
  bits: 8,
  length: 2,
  data: [-12, 30, -4, 7],
})

it.each([
  ['a master playlist', 'application/vnd.apple.mpegurl', MASTER],
  ['a playlist', 'application/vnd.apple.mpegurl', PLAYLIST],
  ['a playlist of a long name', 'application/vnd.apple.mpegurl', PLAYLIST.replaceAll('hls', 'h'.repeat(63))],
  ['the captions of a storyboard', 'text/vtt', CAPTIONS],
  ['peaks', 'application/json', PEAKS],
  ['the text of a document, paths and all', 'text/plain', 'See /usr/share/doc and C:\\Users\\Ann for more.\n'],
] as const)('lets %s through', async (_, contentType, text) => {
  expect(await check(contentType, text)).toEqual([])
})

it.each([
  ['a playlist that names a file', 'application/vnd.apple.mpegurl', PLAYLIST.replace('{{hls-720-media}}', 'a.mp4')],
  [
    'a playlist that points elsewhere',
    'application/vnd.apple.mpegurl',
    MASTER.replace('{{hls-720}}', 'http://x.example/'),
  ],
  ['a playlist with a key', 'application/vnd.apple.mpegurl', `${PLAYLIST}#EXT-X-KEY:METHOD=AES-128,URI="k"\n`],
  [
    'a playlist that tells when',
    'application/vnd.apple.mpegurl',
    `${PLAYLIST}#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:00Z\n`,
  ],
  ['a playlist with a comment', 'application/vnd.apple.mpegurl', `${MASTER}# Lavf, /home/ann/video.mp4\n`],
  ['captions with a note', 'text/vtt', `${CAPTIONS}\nNOTE from IMG_0001.MOV\n`],
  ['captions that name a file', 'text/vtt', CAPTIONS.replace('{{storyboard}}', 'sprite.jpg')],
  ['peaks with another field', 'application/json', PEAKS.replace('"bits"', '"source":"IMG_0001.MOV","bits"')],
  ['peaks with words', 'application/json', PEAKS.replace('-12', '"IMG_0001.MOV"')],
  ['peaks without their data', 'application/json', PEAKS.replace('"data"', '"date"')],
  ['peaks without a number', 'application/json', PEAKS.replace(/"bits":\d+,/, '')],
  ['a list', 'application/json', '[1, 2]'],
  ['nothing', 'application/json', 'null'],
  ['peaks that are none', 'application/json', '{'],
  ['text with the folder of the work', 'text/plain', `cannot open ${places.file}: no such file`],
] as const)('finds %s', async (_, contentType, text) => {
  expect(await check(contentType, text)).not.toEqual([])
})

const CHAPTERS = `WEBVTT

00:00:00.000 --> 00:00:05.000
Ann &amp; Bob

00:00:05.000 --> 00:00:09.500
NOTE is a title here
`

it('lets chapters with titles of any words through, as chapters alone', async () => {
  expect(await check('text/vtt', CHAPTERS, 'chapters')).toEqual([])
  expect(await check('text/vtt', CHAPTERS, 'storyboard')).not.toEqual([])
})

it.each([
  ['a note', `${CHAPTERS}\nNOTE from IMG_0001.MOV\n`],
  ['a second line', CHAPTERS.replace('Bob', 'Bob\nand more')],
  ['a tag', CHAPTERS.replace('Bob', '<v Bob>')],
  ['settings of a cue', CHAPTERS.replace('05.000\n', '05.000 line:0\n')],
  ['words in its header', CHAPTERS.replace('WEBVTT', 'WEBVTT IMG_0001.MOV')],
  ['the folder of the work', CHAPTERS.replace('Bob', places.outDir)],
])('finds chapters with %s', async (_, text) => {
  expect(await check('text/vtt', text, 'chapters')).not.toEqual([])
})
