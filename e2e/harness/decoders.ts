import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { hasChromium, launchChromium } from './browser.ts'
import { hasTool } from './tools.ts'

export interface Stream {
  codec_type: string
  codec_name: string
  width?: number
  height?: number
  nb_read_packets?: string
}

export interface Probed {
  format: { duration?: string }
  streams: Stream[]
}

/**
 * Tells whether this machine has the tools that check the results: ffprobe for video and audio, Chromium for images.
 */
export const hasDecoders = (): boolean => hasTool('ffprobe', 'ffmpeg') && hasChromium()

/** Reads a file or URL to its end with ffprobe, and counts every packet. */
export async function probe(source: string): Promise<Probed> {
  const show = ['-v', 'error', '-count_packets', '-show_format', '-show_streams', '-of', 'json']
  const whitelist = ['-protocol_whitelist', 'file,http,tcp,crypto', '-allowed_extensions', 'ALL']
  const isPlaylist = source.startsWith('http')
  const args = [...show, ...(isPlaylist ? whitelist : []), source]
  const { stdout } = await promisify(execFile)('ffprobe', args, { maxBuffer: 10_000_000 })
  return JSON.parse(stdout) as Probed
}

export interface ImageDecoder {
  /** Width and height of the image as Chromium decodes it. */
  decode(bytes: Uint8Array, contentType: string): Promise<{ width: number; height: number }>
  close(): Promise<void>
}

/** Starts Chromium to decode WebP, AVIF, JPEG and PNG with its own decoders, animations as well. */
export async function startImageDecoder(): Promise<ImageDecoder> {
  const browser = await launchChromium()
  const page = await browser.newPage()
  return {
    decode: (bytes, contentType) =>
      page.evaluate(
        async url => {
          const image = new Image()
          image.src = url
          await image.decode()
          return { width: image.naturalWidth, height: image.naturalHeight }
        },
        `data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`,
      ),
    close: () => browser.close(),
  }
}
