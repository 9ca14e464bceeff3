import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { typeOfFilename, UNKNOWN_TYPE } from '@darkroom/contracts'
import { corpus, corpusFiles } from '@darkroom/testing'
import type { SourceFile } from '../compare-file.ts'
import { AUDIO_FILES } from './audio.ts'
import { DOCUMENTS } from './documents.ts'
import { IMAGE_FILES } from './images.ts'
import type { MadeFile } from './made-file.ts'
import { VIDEOS } from './videos.ts'

export const MADE_FILES: readonly MadeFile[] = [...IMAGE_FILES, ...VIDEOS, ...AUDIO_FILES, ...DOCUMENTS]

/** Writes a file below `folder`; a video of `sec` seconds. */
export async function makeFile(
  { title, declaredType, make }: MadeFile,
  folder: string,
  sec?: number,
): Promise<SourceFile> {
  const own = join(folder, title.replaceAll(/\W+/g, '-'))
  await mkdir(own, { recursive: true })
  return { title, declaredType, file: await make(own, sec) }
}

/** Lists the files of the shared corpus that are to be accepted; empty, with a message, where the corpus is absent. */
export function filesOfCorpus(): SourceFile[] {
  const folder = corpus('dev')
  const taken = folder ? corpusFiles(folder).filter(({ expected }) => !expected.startsWith('rejected:')) : []
  return taken.map(({ path, file }) => ({
    title: file,
    file: path,
    declaredType: typeOfFilename(file) ?? UNKNOWN_TYPE,
  }))
}
