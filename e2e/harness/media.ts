import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const TIMEOUT_MS = 60_000
const AUDIO = ['-f', 'lavfi', '-i', 'sine=f=330:d=3:r=48000']

/** Returns the file that ffmpeg makes with these arguments. It finds the files of `beside` by their names. */
function made(name: string, args: string[], beside: Record<string, string> = {}): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-e2e-media-'))
  try {
    for (const [file, text] of Object.entries(beside)) writeFileSync(join(folder, file), text)
    execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args, name], { cwd: folder, timeout: TIMEOUT_MS })
    return readFileSync(join(folder, name))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const CHAPTERS = `;FFMETADATA1
[CHAPTER]
TIMEBASE=1/1000
START=0
END=1500
title=Snow & ice
[CHAPTER]
TIMEBASE=1/1000
START=1500
END=3000
title=Thaw
`

/** Makes a video of three seconds with a tone and two chapters: `Snow & ice`, and `Thaw` from 1.5 s on. */
export const madeVideo = ({ size = '640x360' } = {}): Buffer =>
  made(
    'video.mov',
    [
      ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=25:d=3`, ...AUDIO, '-i', 'chapters.txt', '-map_chapters', '2'],
      ...['-map', '0', '-map', '1', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
      '-shortest',
    ],
    { 'chapters.txt': CHAPTERS },
  )

/** Makes an AVI of two seconds whose header contains the size of the file. */
export const madeAvi = (): Buffer =>
  made('video.avi', ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=10:d=2', '-c:v', 'mjpeg'])

const NUMBER_BITS = 8

/**
 * Makes a video whose frames show their number: one column for each bit, the lowest one on the left. The audio is two
 * seconds longer.
 */
export function madeNumberedVideo({ sec, frameRate }: { sec: number; frameRate: number }): Buffer {
  const columns = Array.from({ length: NUMBER_BITS }, (_, bit) => {
    const place = `x=iw*${bit}/${NUMBER_BITS}:y=0:w=iw/${NUMBER_BITS}:h=ih`
    return `drawbox=${place}:color=white:t=fill:enable='mod(floor(n/${2 ** bit}),2)'`
  })
  return made('numbered.mp4', [
    ...['-f', 'lavfi', '-i', `color=c=black:s=426x240:r=${frameRate}:d=${sec},${columns.join(',')}`],
    ...['-f', 'lavfi', '-i', `sine=d=${sec + 2}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  ])
}

/** Makes an MP3 of three seconds of a tone with a title, an artist and a cover. */
export const madeSong = (): Buffer =>
  made('song.mp3', [
    ...[...AUDIO, '-f', 'lavfi', '-i', 'color=c=teal:s=400x400:d=0.04', '-map', '0', '-map', '1'],
    ...['-c:a', 'libmp3lame', '-c:v', 'mjpeg', '-disposition:v', 'attached_pic', '-id3v2_version', '3'],
    ...['-metadata', 'title=Stop Bath', '-metadata', 'artist=The Negatives'],
  ])

/** Makes a PDF of so many pages, each with its number on it. */
export function madePdf(pages: number): Buffer {
  const numbers = Array.from({ length: pages }, (_, index) => index + 1)
  const content = (number: number) => `BT /F1 48 Tf 72 700 Td (This is page ${number}) Tj ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages} /Kids [${numbers.map(number => `${2 * number + 2} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...numbers.flatMap(number => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${2 * number + 3} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      `<< /Length ${content(number).length} >>\nstream\n${content(number)}\nendstream`,
    ]),
  ]
  let text = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  text += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`
  return Buffer.from(text, 'latin1')
}
