import type { IconSpec } from '@darkroom/contracts'
import type { Facts } from '../facts.ts'
import { OUTPUT_TYPES } from '../formats.ts'
import type { PlannedIcon } from '../planned.ts'

/** Raised when the drawings change, so that they are made anew. */
const DESIGN = 1

/** A picture that names the file's type. */
export function planIcon({ contentType }: Facts, spec: Omit<IconSpec, 'when'>): PlannedIcon {
  const { name, required, format, width } = spec
  const { contentType: type, extension } = OUTPUT_TYPES[format]
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
