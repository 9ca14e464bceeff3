import type { PresetDefinition } from '@darkroom/contracts'
import type { Facts } from './facts.ts'
import { type Engines, fingerprint } from './fingerprint.ts'
import { type Plan, plan } from './plan.ts'
import { publicFacts } from './public-facts.ts'

/** What a machine is going to make of a source. */
interface SourcePlan {
  plan: Plan
  /** SHA-256 (hex) of source, parameters and engine, by variant name. */
  fingerprints: ReadonlyMap<string, string>
  /** The contract's `facts`. */
  publicFacts: Facts['details']
}

/**
 * Plans what to make of a source, on a machine with these engines, and how each variant is told from one that is made
 * otherwise. Pure.
 * @param source what was found in it, and the SHA-256 (hex) of its bytes
 */
export function planSource(
  { facts, sha256 }: { facts: Facts; sha256: string },
  definition: PresetDefinition,
  engines: Engines,
): SourcePlan {
  const planned = plan(facts, definition, { hasFfmpeg: engines.ffmpeg !== null })
  const fingerprints = planned.variants.map(
    variant => [variant.name, fingerprint(sha256, planned.kind, variant, engines)] as const,
  )
  return { plan: planned, fingerprints: new Map(fingerprints), publicFacts: publicFacts(facts) }
}
