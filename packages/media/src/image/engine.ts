import sharp, { type SharpOptions } from 'sharp'
import type { Limits } from '../limits.ts'
import { IMAGE_TYPES } from './types.ts'

/** Prepares sharp for untrusted bytes: no cache, and no loaders but those of the types that we take. */
export function configureEngine(threads: number, { acceptsSvg }: Pick<Limits, 'acceptsSvg'>): void {
  sharp.cache(false)
  sharp.concurrency(threads)
  sharp.block({ operation: ['VipsForeignLoad'] })
  const types = Object.values(IMAGE_TYPES).filter(({ format }) => acceptsSvg || format !== 'svg')
  sharp.unblock({ operation: types.flatMap(type => [...type.loaders]) })
}

/** Returns how every file is opened. libvips checks the pixels before it allocates them. */
export function openOptions(limits: Pick<Limits, 'maxPixels'>): SharpOptions {
  return { limitInputPixels: limits.maxPixels, failOn: 'warning', sequentialRead: true, pages: 1 }
}
