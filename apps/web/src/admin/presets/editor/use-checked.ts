import type { PresetPlan } from '@darkroom/contracts'
import { DarkroomError } from '@darkroom/sdk'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { closed } from '../../../api/closed.ts'
import { useAdmin } from '../../session/use-admin.ts'
import type { Draft } from './draft.ts'

/** How long nobody typed before the service is asked. */
const QUIET_MS = 350

/** Returns a value once it has not changed for a moment. */
export function useQuiet<T>(value: T): T {
  const [quiet, setQuiet] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(value), QUIET_MS)
    return () => clearTimeout(timer)
  }, [value])
  return quiet
}

export interface Faults {
  /** By the path in the definition, such as `image.variants.0.width`. */
  byPath: ReadonlyMap<string, string>
  /** Why the service could not be asked, where the definition is not at fault. */
  other: string | null
}

/**
 * Has the service check a draft as one types, with its own words for what is wrong where, and say what applying it would
 * change. Nothing is stored.
 */
export function useChecked(name: string, draft: Draft) {
  const { clients, apiKey } = useAdmin()
  const quiet = useQuiet(draft)
  const query = useQuery({
    queryKey: ['preset-check', apiKey, name, quiet],
    queryFn: () => closed<PresetPlan>(clients.quick.presets.plan(name, { definition: quiet })),
    enabled: apiKey !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 30_000,
    gcTime: 0,
  })
  return {
    plan: query.error ? null : (query.data ?? null),
    faults: faultsOf(query.error),
    isCurrent: quiet === draft && !query.isFetching,
  }
}

/** The definition is a member of the body that is checked. */
const PREFIX = /^(body\.)?definition\.?/

/** Returns what is wrong where, of an answer that refused a definition. */
export function faultsOf(error: Error | null): Faults {
  if (!(error instanceof DarkroomError)) return { byPath: new Map(), other: error?.message ?? null }
  const ofDefinition = error.errors.filter(({ path }) => PREFIX.test(path))
  const byPath = new Map(ofDefinition.map(({ path, message }) => [path.replace(PREFIX, ''), message]))
  return { byPath, other: byPath.size > 0 ? null : error.message }
}
