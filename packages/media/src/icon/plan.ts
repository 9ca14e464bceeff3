import { type IconSpec, IMAGE_FORMATS } from '@darkroom/contracts'
import type { Facts } from '../facts.ts'
import type { PlannedIcon } from '../planned.ts'

/** Raised when the icons change, so that they are made anew. */
const DESIGN = 2

/** Plans an image that names the file's type. */
export function planIcon({ contentType }: Facts, spec: Omit<IconSpec, 'when'>): PlannedIcon {
  const { name, required, format, width } = spec
  const { contentType: type, extension } = IMAGE_FORMATS[format]
  const fingerprintInput = JSON.stringify(['icon', DESIGN, contentType, width, format])
  return {
    type: 'icon',
    name,
    required,
    contentType: type,
    extension,
    width,
    height: width,
    format,
    refersTo: [],
    fingerprintInput,
  }
}
