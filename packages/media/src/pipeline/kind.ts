import type { MediaType, Placeholder } from '@darkroom/contracts'
import type { Facts } from '../facts.ts'
import type { Limits } from '../limits.ts'
import type { PlannedVariant } from '../planned.ts'
import type { VariantMessage } from '../sandbox/answers.ts'
import type { Tools } from '../sandbox/protocol.ts'
import type { Warn } from '../source-warning.ts'
import type { Timings } from './steps.ts'

export interface ProbeContext {
  file: string
  /** Of the declared type's family, as the bytes say. */
  type: MediaType
  limits: Limits
  /** Null where this machine has no ffmpeg. */
  tools: Tools | null
  timings: Timings
  warn: Warn
}

export interface RenderContext<Known extends Facts = Facts, Planned extends PlannedVariant = PlannedVariant> {
  file: string
  facts: Known
  /** In the order in which they are to be made. */
  variants: readonly Planned[]
  /** A folder of this job alone. Files of variants go into it under `variantFileName`; others are removed with it. */
  outDir: string
  /** Of a job in two calls. For the rest, what to show until the variants are there was made before, and is not asked for. */
  part?: 'first' | 'rest'
  limits: Limits
  tools: Tools | null
  timings: Timings
  announce(message: VariantMessage): void
  warn: Warn
  /** How far the work is, from 0 to 1, and what is being made. */
  progress(value: number, stage: string): void
}

/** What a kind of media knows to do inside the sandbox. */
export interface KindModule<Known extends Facts = Facts, Planned extends PlannedVariant = PlannedVariant> {
  /** @throws MediaFault what is wrong with the file */
  probe(context: ProbeContext): Promise<Facts>
  /** Makes every variant and announces each; one that fails alone is announced with its fault. */
  render(context: RenderContext<Known, Planned>): Promise<{ placeholder: Placeholder | null }>
}
