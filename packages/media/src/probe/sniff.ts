import { open } from 'node:fs/promises'
import { fileTypeFromFile } from 'file-type'
import { findFrames } from '../audio/frames/find-frames.ts'
import { FRAME_HEADERS, type FramedType } from '../audio/frames/frame-header.ts'
import { isTextType } from '../document/text-types.ts'
import { MediaFault } from '../fault.ts'
import type { Warn } from '../source-warning.ts'
import type { SniffContext, SniffResults } from './context.ts'
import { headerAt } from './pdf-header.ts'
import { isText } from './text.ts'
import { isSvg } from './xml-text.ts'

/** What an SVG may pass for: markup has no magic number. */
const MARKUP: ReadonlySet<string | undefined> = new Set(['application/xml', 'text/xml', 'text/html', undefined])

const HEAD_BYTES = 4096
/** As far as ffmpeg looks for the first frame of an audio file. */
const LATE_HEAD_BYTES = 65_536
/** Of what nobody said that it is text. */
const MIN_TELLING_BYTES = 4

export const sniffStep = {
  name: 'sniffed',
  async run({ file, declaredType, warn }: SniffContext): Promise<SniffResults['sniffed']> {
    const found = (await fileTypeFromFile(file))?.mime
    const type = found ?? null
    // Words begin like files: BMW like a bitmap, MZ like a program. Whether it is text all the same, only its bytes tell.
    const isSaidText = isTextType(declaredType)
    if (!MARKUP.has(found) && !isSaidText) return { type, text: false }
    const head = await readHead(file)
    if (isMatroska(head)) return { type: 'video/matroska', text: false }
    if (isWave64(head)) return { type: 'audio/wav', text: false }
    if (isTiff(head)) return { type: 'image/tiff', text: false }
    if (isSvg(head)) return { type: 'image/svg+xml', text: true }
    // Only of what begins like nothing else: a file of two types is what it begins as.
    if (found === undefined && !isSaidText && headerAt(head) >= 0) return { type: 'application/pdf', text: false }
    if (found === undefined && (await isLateAudio(file, declaredType, warn))) return { type: declaredType, text: false }
    return { type, text: isSaidText ? isText(head) : type === null && head.length >= MIN_TELLING_BYTES && isText(head) }
  },
} as const

/**
 * Tells whether a file is Matroska. The sniffer does not recognize one with a damaged header; the demuxer reports the
 * damage.
 */
const isMatroska = (head: Uint8Array): boolean => EBML.every((byte, at) => head[at] === byte)
const EBML = [0x1a, 0x45, 0xdf, 0xa3]

/**
 * Tells whether a file is a TIFF. The sniffer does not recognize one without its directory, which often is at the end.
 */
const isTiff = (head: Uint8Array): boolean => TIFF.has(Buffer.from(head.subarray(0, 4)).toString('hex'))
const TIFF: ReadonlySet<string> = new Set(['49492a00', '4d4d002a'])

/** Tells whether a file is a WAV of more than 4 GiB: RF64 (EBU) or BW64 (ITU). */
const isWave64 = (head: Uint8Array): boolean =>
  /^(RF64|BW64)....WAVE/s.test(Buffer.from(head.subarray(0, 12)).toString('latin1'))

/** Tells whether files of this type consist of audio frames only. */
const isFramed = (type: string): type is FramedType => Object.hasOwn(FRAME_HEADERS, type)

/**
 * Tells whether audio begins later in the file. A part of a stream begins in the middle of a frame; some recorders
 * begin with zeros.
 */
async function isLateAudio(file: string, declaredType: string, warn: Warn): Promise<boolean> {
  if (!isFramed(declaredType)) return false
  const begin = findFrames(declaredType, await readHead(file, LATE_HEAD_BYTES))
  if (begin === null) return false
  if (begin > 0) {
    warn({ code: 'SOURCE_REPAIRED', detail: `The audio starts after ${begin} bytes that are not a complete frame.` })
  }
  return true
}

async function readHead(path: string, maxBytes = HEAD_BYTES): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, 0)
    if (bytesRead === 0) throw new MediaFault('EMPTY_FILE', 'The file is empty')
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
