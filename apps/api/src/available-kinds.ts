import { MEDIA_KINDS, type MediaKind } from '@darkroom/contracts'
import type { DatabaseClient } from '@darkroom/db/client'
import { kindsWithoutTools } from '@darkroom/db/jobs'

const ASK_EVERY_MS = 2000

export interface AvailableKinds {
  /** Kinds of media that the workers have no tools for. */
  unavailable(): Promise<readonly MediaKind[]>
}

/**
 * Reads which kinds of media no living worker can process. The rows of the workers are read at most every two seconds.
 */
export function createAvailableKinds({ db }: Pick<DatabaseClient, 'db'>): AvailableKinds {
  let known: { at: number; kinds: Promise<readonly MediaKind[]> } | undefined
  return {
    unavailable() {
      if (known && performance.now() - known.at < ASK_EVERY_MS) return known.kinds
      const kinds = kindsWithoutTools(db)
      // What failed is not kept.
      kinds.catch(() => {
        known = undefined
      })
      known = { at: performance.now(), kinds }
      return kinds
    },
  }
}

/** Tells for each kind whether a worker can process it. */
export const decodersOf = (unavailable: readonly MediaKind[]): Record<MediaKind, boolean> =>
  Object.fromEntries(MEDIA_KINDS.map(kind => [kind, !unavailable.includes(kind)])) as Record<MediaKind, boolean>
