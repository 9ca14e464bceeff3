import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type MediaType, typeOfFilename } from '@darkroom/contracts'
import { say } from '../progress.ts'
import { generatePhotos } from './generate.ts'

/** The photos of the shared corpus, which a checkout need not have. */
export const CORPUS = join(import.meta.dirname, '../../../../shared/corpus/bench')
const TYPES: ReadonlySet<MediaType | null> = new Set<MediaType>(['image/jpeg', 'image/png', 'image/webp'])

export interface PhotoFile {
  file: string
  contentType: MediaType
}

/** Lists the photos of a folder; without one those of the shared corpus, or generated ones. */
export async function findFiles(folder: string | null, tempDir: string): Promise<PhotoFile[]> {
  const files = await list(folder ?? (existsSync(CORPUS) ? CORPUS : await generate(tempDir)))
  if (files.length === 0) throw new Error(`no JPEG, PNG or WebP in ${folder}`)
  return files
}

async function list(folder: string): Promise<PhotoFile[]> {
  say(`photos: ${folder}`)
  const names = await readdir(folder)
  return names.toSorted().flatMap(name => {
    const contentType = typeOfFilename(name)
    return contentType && TYPES.has(contentType) ? [{ file: join(folder, name), contentType }] : []
  })
}

async function generate(tempDir: string): Promise<string> {
  say(`no photos at ${CORPUS}: generating some, whose figures compare with nothing but themselves`)
  return generatePhotos(join(tempDir, 'photos'))
}
