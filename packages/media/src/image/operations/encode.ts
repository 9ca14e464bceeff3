import { encoderOptions } from '../../formats.ts'
import type { Operation } from './index.ts'

/** sharp writes no metadata and no profile unless asked; sRGB without a profile is what the web assumes. */
export const encode: Operation = (image, { format, quality }) => image.toFormat(format, encoderOptions(format, quality))
