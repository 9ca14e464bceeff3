import sharp, { type Metadata } from 'sharp'
import { MediaFault } from '../../fault.ts'
import { openOptions } from '../engine.ts'
import { faultOf } from '../fault-of.ts'
import { IMAGE_TYPES } from '../types.ts'
import type { ImageProbeContext } from './context.ts'

/** Reads the header, no pixels. */
export const headerStep = {
  name: 'header',
  async run({ file, type, limits }: ImageProbeContext): Promise<Metadata> {
    const header = await readHeader(file, type, limits)
    if (header.format === IMAGE_TYPES[type].format) return header
    throw new MediaFault('TYPE_MISMATCH', `The content is ${header.format}, not ${type}`)
  },
} as const

async function readHeader(file: string, type: ImageProbeContext['type'], limits: ImageProbeContext['limits']) {
  try {
    return await sharp(file, openOptions(limits)).metadata()
  } catch (error) {
    throw await faultOf(error, file, type)
  }
}
