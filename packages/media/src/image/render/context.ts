import type { Facts } from '../../facts.ts'
import type { Limits } from '../../limits.ts'
import type { PlannedVariant, Size } from '../../plan.ts'
import type { VariantMessage } from '../../sandbox/protocol.ts'
import type { Raster } from '../raster.ts'

export interface ImageRenderContext {
  file: string
  facts: Facts
  /** Smallest first. */
  variants: readonly PlannedVariant[]
  rasterSize: Size
  outDir: string
  limits: Limits
  announce(message: VariantMessage): void
}

export interface ImageRenderResults {
  /** Names of the variants that were made before the full decode. */
  preview: readonly string[]
  raster: Raster
  /** Names of all variants that stand. */
  made: readonly string[]
  placeholder: { thumbhash: string; dominantColor: string }
}
