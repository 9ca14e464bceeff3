import sharp from 'sharp'
import { isSrgb } from '../color.ts'
import { openOptions } from '../engine.ts'
import type { ImageRenderContext } from './context.ts'

/**
 * When the embedded ICC profile is applied. sharp converts before it shrinks, which costs 100 to 200 ms for 12 to 21 MP;
 * so 8-bit RGB is converted after shrinking, and sRGB in effect not at all.
 */
export type ProfileUse = { use: 'never' } | { use: 'while-decoding' } | { use: 'after-decoding'; icc: Buffer }

type Source = Pick<ImageRenderContext, 'file' | 'facts' | 'limits'>

export async function profileOf({ file, facts, limits }: Source): Promise<ProfileUse> {
  const { icc } = await sharp(file, openOptions(limits)).metadata()
  if (!icc) return { use: 'never' }
  if (facts.colorSpace !== 'srgb' || facts.bitDepth !== 8) return { use: 'while-decoding' }
  if (await isSrgb(icc)) return { use: 'never' }
  return facts.hasAlpha ? { use: 'while-decoding' } : { use: 'after-decoding', icc }
}

/** For a picture that is small at once: converting costs nothing there, asking whether it is needed costs as much. */
export async function withoutProfile(source: Source): Promise<{ ignoreIcc: boolean }> {
  return { ignoreIcc: (await profileOf(source)).use === 'never' }
}
