export { MediaConfig, toLimits } from './config.ts'
export { Facts } from './facts.ts'
export { ffmpegVersion } from './ffmpeg/ffmpeg-version.ts'
export { findTools } from './ffmpeg/find-tools.ts'
export type { Engines } from './fingerprint.ts'
export { encoderOptions } from './formats.ts'
export { rasterSize } from './image/plan.ts'
export type { Limits } from './limits.ts'
export type { Size } from './plan/geometry.ts'
export { variantsToMake, variantsToRemake } from './plan/variants-to-make.ts'
export { type Capabilities, type Plan, plan } from './plan.ts'
export { planSource } from './plan-source.ts'
export { isLong as isLongVariant, type PlannedVariant } from './planned.ts'
export { publicFacts } from './public-facts.ts'
export type {
  MediaChild,
  RenderedVariant,
  RenderInput,
  VariantFailure,
  VariantFile,
} from './sandbox/media-child.ts'
export { type MediaPool, type MediaPoolOptions, startMediaPool, type WithChildOptions } from './sandbox/pool.ts'
export type { SourceWarning } from './source-warning.ts'
export { assertSafeVersions, versions } from './versions.ts'
