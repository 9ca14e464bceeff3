import type { ImageFacts } from '../../facts.ts'
import { iccOf } from '../cicp/to-icc.ts'
import { isSrgb } from '../color.ts'
import type { ImageSource } from '../decoders/decoder.ts'

/**
 * When the embedded ICC profile is applied. sharp converts before it shrinks, which costs 100 to 200 ms for 12 to 21 MP;
 * so 8-bit RGB is converted after shrinking, and sRGB in effect not at all.
 */
export type ProfileUse = { use: 'never' } | { use: 'while-decoding' } | { use: 'after-decoding'; icc: Buffer }

type Colored = Pick<ImageSource, 'icc' | 'cicp'>
type Colors = Pick<ImageFacts, 'colorSpace' | 'bitDepth' | 'hasAlpha'>

export async function profileOf({ icc, cicp }: Colored, facts: Colors): Promise<ProfileUse> {
  if (cicp) return { use: 'after-decoding', icc: iccOf(cicp) }
  if (!icc) return { use: 'never' }
  if (facts.colorSpace !== 'srgb' || facts.bitDepth !== 8) return { use: 'while-decoding' }
  if (await isSrgb(icc)) return { use: 'never' }
  return facts.hasAlpha ? { use: 'while-decoding' } : { use: 'after-decoding', icc }
}

const RGB: ReadonlySet<string> = new Set(['srgb', 'rgb', 'rgb16'])

/** Returns the profile of an image that has colours which sRGB has not, null of any other. */
export async function wideProfile({ icc, cicp }: Colored, facts: Colors): Promise<Buffer | null> {
  if (cicp) return iccOf(cicp)
  return icc && RGB.has(facts.colorSpace) && !(await isSrgb(icc)) ? icc : null
}
