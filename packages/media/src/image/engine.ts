import sharp, { type SharpOptions } from 'sharp'
import type { Limits } from '../limits.ts'
import { IMAGE_TYPES } from './types.ts'

/** Prepares sharp for untrusted bytes: no cache, and no loaders but those of the types that we take. */
export function configureEngine(threads: number): void {
  sharp.cache(false)
  sharp.concurrency(threads)
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: Object.values(IMAGE_TYPES).flatMap(type => [...type.loaders]) })
}

/** How every file is opened. libvips checks the pixels before it allocates them. */
export function openOptions(limits: Limits): SharpOptions {
  return { limitInputPixels: limits.maxPixels, failOn: 'warning', sequentialRead: true, pages: 1 }
}
