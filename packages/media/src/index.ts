import type { MediaType } from '@darkroom/contracts'
import { IMAGE_TYPES } from './image/types.ts'

export { MediaConfig, toLimits } from './config.ts'
export { Facts } from './facts.ts'
export { fingerprint } from './fingerprint.ts'
export { encoderOptions, type OutputFormat } from './formats.ts'
export type { Limits } from './limits.ts'
export { type Plan, type PlannedVariant, plan, type Size } from './plan.ts'
export type {
  MediaChild,
  Placeholder,
  RenderedVariant,
  RenderInput,
  VariantFailure,
  VariantFile,
} from './sandbox/media-child.ts'
export { type MediaPool, type MediaPoolOptions, startMediaPool, type WithChildOptions } from './sandbox/pool.ts'
export { assertSafeVersions, versions } from './versions.ts'

/** The media types that this build decodes. */
export const DECODABLE_TYPES = Object.keys(IMAGE_TYPES) as MediaType[]
