import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { BUILT_IN_PRESETS } from '@darkroom/contracts'
import { type MediaPool, plan } from '@darkroom/media'
import { withPoolChild } from '../measure/media-pool.ts'
import type { PhotoFile } from './find-files.ts'
import type { Photo } from './photo.ts'

/** Lets Darkroom look at the files and plan its default preset, so that everybody makes the very same sizes. */
export async function planPhotos(files: PhotoFile[], pool: MediaPool, workDir: string): Promise<Photo[]> {
  const preset = BUILT_IN_PRESETS.find(({ name }) => name === 'default')
  if (!preset) throw new Error('there is no preset named default')
  const photos: Photo[] = []
  for (const { file, contentType } of files) {
    const facts = await withPoolChild(pool, workDir, child => child.probe({ file, declaredType: contentType }))
    const { size: byteSize } = await stat(file)
    const { variants } = plan(facts, preset.definition)
    photos.push({ file, name: basename(file), contentType, byteSize, facts, variants })
  }
  return photos
}
