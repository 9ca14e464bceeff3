import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { MediaType } from '@darkroom/contracts'
import { say } from '../progress.ts'
import { generatePhotos } from './generate.ts'

const CORPUS = join(import.meta.dirname, '../../../../shared/corpus/bench')
const TYPES: Record<string, MediaType> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
}

export interface PhotoFile {
  file: string
  contentType: MediaType
}

/** The photos of a folder; without one those of the shared corpus, or generated ones. */
export async function findFiles(folder: string | null, tempDir: string): Promise<PhotoFile[]> {
  const files = await list(folder ?? (existsSync(CORPUS) ? CORPUS : await generate(tempDir)))
  if (files.length === 0) throw new Error(`no JPEG, PNG or WebP in ${folder}`)
  return files
}

async function list(folder: string): Promise<PhotoFile[]> {
  say(`photos: ${folder}`)
  const names = await readdir(folder)
  return names.toSorted().flatMap(name => {
    const contentType = TYPES[extname(name).toLowerCase()]
    return contentType ? [{ file: join(folder, name), contentType }] : []
  })
}

async function generate(tempDir: string): Promise<string> {
  say(`no photos at ${CORPUS}: generating some, whose figures compare with nothing but themselves`)
  return generatePhotos(join(tempDir, 'photos'))
}
