import { copyFile, mkdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { BUILT_IN_PRESETS } from '@darkroom/contracts'
import { type MediaPool, type PlannedVariant, plan } from '@darkroom/media'
import { withPoolChild } from '../measure/media-pool.ts'
import type { PhotoFile } from './find-files.ts'
import type { Photo, PlannedStillImage } from './photo.ts'

/**
 * Lets Darkroom look at the files and plan its default preset, so that everybody makes the very same sizes. The files are
 * copied into `workDir`, since its processes see nothing else.
 */
export async function planPhotos(files: PhotoFile[], pool: MediaPool, workDir: string): Promise<Photo[]> {
  const preset = BUILT_IN_PRESETS.findLast(({ name }) => name === 'default')
  if (!preset) throw new Error('there is no preset named default')
  await mkdir(workDir, { recursive: true })
  const photos: Photo[] = []
  for (const { file: source, contentType } of files) {
    const file = join(workDir, basename(source))
    await copyFile(source, file)
    const facts = await withPoolChild(pool, child => child.probe({ file, declaredType: contentType }))
    if (facts.kind !== 'image') throw new Error(`${file} is no image`)
    const { size: byteSize } = await stat(file)
    const variants = plan(facts, preset.definition).variants.filter(isStillImage)
    photos.push({ file, name: basename(file), contentType, byteSize, facts, variants })
  }
  return photos
}

const isStillImage = (variant: PlannedVariant): variant is PlannedStillImage => variant.type === 'picture'
