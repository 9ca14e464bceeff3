import type { MediaKind } from '@darkroom/contracts'
import type { Hold } from '../api/gate.ts'

/** What concerns all files at once. */
export interface ServiceConditions {
  /** What holds files up. */
  hold: Hold | null
  /** Kinds that are not worked on until somebody says so. */
  pausedKinds: readonly MediaKind[]
  /** Why assets cannot be read, in the words of the service. */
  readDenial: string | null
}

export const NORMAL_CONDITIONS: ServiceConditions = { hold: null, pausedKinds: [], readDenial: null }

/** Why a file waits, after a dot or a colon. */
export const HOLD_REASONS: Record<Hold, string> = {
  offline: 'you are offline',
  silent: 'Darkroom does not respond',
  keyless: 'an API key is needed',
  paused: 'storage does not accept files right now',
}
