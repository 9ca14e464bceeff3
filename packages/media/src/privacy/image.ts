import { readFile } from 'node:fs/promises'
import type { WrittenImageType } from '@darkroom/contracts'
import type { PlannedVariant } from '../planned.ts'
import { avifBlocks } from './avif-blocks.ts'
import { type Block, EXIF, PROFILE } from './block.ts'
import type { Check, Output } from './check-output.ts'
import { privateExif } from './exif.ts'
import { jpegBlocks } from './jpeg-blocks.ts'
import { pngBlocks } from './png-blocks.ts'
import { privateProfile } from './profile.ts'
import { webpBlocks } from './webp-blocks.ts'

type ReadBlocks = (file: Buffer) => Iterable<Block>

/** Lists what an image contains besides its pixels and what its variant asks for. */
const findings =
  (blocksOf: ReadBlocks) =>
  async (variant: PlannedVariant, { file, data }: Output): Promise<string[]> => {
    const bytes = data ?? (await readFile(file))
    try {
      return inBlocks([...blocksOf(bytes)], variant)
    } catch {
      return ['a part that cannot be read']
    }
  }

function inBlocks(blocks: readonly Block[], variant: PlannedVariant): string[] {
  const exif = 'keepCopyright' in variant && variant.keepCopyright ? blocks.filter(({ name }) => name === EXIF) : []
  const profile = 'colors' in variant && variant.colors === 'keep' ? blocks.filter(({ name }) => name === PROFILE) : []
  const others = blocks.filter(block => !exif.includes(block) && !profile.includes(block))
  return [
    ...others.map(({ name }) => name),
    ...exif.flatMap(({ bytes }) => privateExif(bytes)),
    // A JPEG spreads a large profile over several segments.
    ...(profile.length > 0 ? privateProfile(Buffer.concat(profile.map(({ bytes }) => bytes))) : []),
  ]
}

/** By content type. These readers are our own, because libvips, which wrote the files, is what is being checked. */
export const IMAGE_CHECKS = {
  'image/jpeg': findings(jpegBlocks),
  'image/png': findings(pngBlocks),
  'image/webp': findings(webpBlocks),
  'image/avif': findings(avifBlocks),
} satisfies Record<WrittenImageType, Check>
