import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { FileToUpload } from './client.ts'

const CORPUS = process.env.DARKROOM_CORPUS ?? join(import.meta.dirname, '../../../shared/corpus')
const FOLDER = join(CORPUS, 'dev')

/** What a browser would declare. */
const TYPES: Record<string, string> = {
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.avif': 'image/avif',
  '.heic': 'image/heic',
  '.jxl': 'image/jxl',
  '.tif': 'image/tiff',
  '.svg': 'image/svg+xml',
  '.pdf': 'application/pdf',
  '.mp4': 'video/mp4',
  '.mov': 'video/quicktime',
  '.webm': 'video/webm',
  '.mkv': 'video/x-matroska',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.flac': 'audio/flac',
  '.wav': 'audio/wav',
  '.ogg': 'audio/ogg',
}

/** One row of the manifest: what independent tools measured; null where they have nothing to say. */
export interface CorpusEntry {
  file: string
  contentType: string
  /** `processed`, `rejected:<why>`, or `policy:<either>`. */
  expected: string
  width: number | null
  height: number | null
  durationSec: number | null
  framesOrPages: number | null
}

/** Lists the files of the shared corpus beside this checkout; an empty list, with a message, where there is none. */
export function corpusEntries(): CorpusEntry[] {
  const manifest = join(FOLDER, 'MANIFEST.tsv')
  if (!existsSync(manifest)) {
    console.warn(`skipped, because there is no corpus at ${FOLDER}; set DARKROOM_CORPUS to its folder`)
    return []
  }
  const [head = '', ...lines] = readFileSync(manifest, 'utf8').trimEnd().split('\n')
  const names = head.split('\t')
  return lines.map(line => {
    const cells = line.split('\t')
    const text = (name: string) => cells[names.indexOf(name)] ?? ''
    const number = (name: string) => Number(text(name)) || null
    return {
      file: text('file'),
      contentType: TYPES[extname(text('file'))] ?? 'application/octet-stream',
      expected: text('expected'),
      width: number('upright_width'),
      height: number('upright_height'),
      durationSec: number('duration_s'),
      framesOrPages: number('frames_or_pages'),
    }
  })
}

export const corpusUpload = async ({ file, contentType }: CorpusEntry): Promise<FileToUpload> => ({
  name: file,
  contentType,
  bytes: new Uint8Array(await readFile(join(FOLDER, file))),
})
