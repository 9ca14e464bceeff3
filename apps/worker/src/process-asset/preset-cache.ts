import { PresetDefinition } from '@darkroom/contracts'
import type { ProcessingQueries } from '@darkroom/db/processing'

const MAX_ENTRIES = 500

/**
 * Reads each preset once: a version never changes. Fields that came later get their defaults. Keeps the latest used ones.
 */
export function createPresetCache({
  preset,
}: Pick<ProcessingQueries, 'preset'>): (id: string) => Promise<PresetDefinition> {
  const known = new Map<string, PresetDefinition>()
  return async id => {
    const definition = known.get(id) ?? PresetDefinition.parse((await preset(id)).definition)
    // The last one in the map is the latest used.
    known.delete(id)
    known.set(id, definition)
    const [oldest] = known.keys()
    if (known.size > MAX_ENTRIES && oldest !== undefined) known.delete(oldest)
    return definition
  }
}
