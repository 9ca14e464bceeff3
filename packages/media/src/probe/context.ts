import type { MediaType } from '@darkroom/contracts'
import type { Limits } from '../limits.ts'
import type { Warn } from '../source-warning.ts'

export interface SniffContext {
  file: string
  /** Normalised by the parent. */
  declaredType: string
  limits: Limits
  warn: Warn
}

export interface SniffResults {
  /**
   * What the bytes say; null when they say nothing. Both where a text begins like a file of another type, and was declared as
   * text.
   */
  sniffed: { type: string | null; text: boolean }
  /** The sniffed type, found equal to the declared one and processable. */
  type: MediaType
}
