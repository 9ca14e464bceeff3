import sharp, { type Sharp, type SharpOptions } from 'sharp'
import type { Limits } from '../limits.ts'
import { openOptions } from './engine.ts'

/** What is decoded: the path of the file, or its bytes where they had to be patched. */
export type ImageInput = string | Buffer

/** Opens it as every untrusted file is opened. */
export const openImage = (input: ImageInput, limits: Pick<Limits, 'maxPixels'>, options: SharpOptions = {}): Sharp =>
  sharp(input, { ...openOptions(limits), ...options })
