import type { FocalPoint, PresetDefinition } from '@darkroom/contracts'
import type { Facts } from './facts.ts'
import { type Engines, fingerprint } from './fingerprint.ts'
import { withFocalPoint } from './image/focal-point.ts'
import { type Plan, plan } from './plan.ts'
import type { PlannedVariant } from './planned.ts'

/** What a machine is going to make of a source. */
interface SourcePlan extends Plan {
  /** Each with the SHA-256 (hex) of source, parameters and engine, which tells it from one that is made otherwise. */
  variants: (PlannedVariant & { fingerprint: string })[]
}

/**
 * Plans what to make of a source, on a machine with these engines. Pure.
 * @param source what was found in it, the SHA-256 (hex) of its bytes, and the point of an image that its owner chose
 */
export function planSource(
  { facts, sha256, focalPoint }: { facts: Facts; sha256: string; focalPoint: FocalPoint | null },
  definition: PresetDefinition,
  engines: Engines,
): SourcePlan {
  const planned = plan(facts, withFocalPoint(definition, facts, focalPoint), { hasFfmpeg: engines.ffmpeg !== null })
  const variants = planned.variants.map(variant => ({
    ...variant,
    fingerprint: fingerprint(sha256, planned.kind, variant, engines),
  }))
  return { ...planned, variants }
}
