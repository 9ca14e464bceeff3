import type { Facts } from '../facts.ts'
import { IMAGE_PROBE_STEPS } from '../image/probe/index.ts'
import { IMAGE_RENDER_STEPS } from '../image/render/index.ts'
import type { Limits } from '../limits.ts'
import { runSteps, type Step, type Timings } from '../pipeline/steps.ts'
import { rasterSize } from '../plan.ts'
import { checkTypeStep } from '../probe/check-type.ts'
import type { SniffContext, SniffResults } from '../probe/context.ts'
import { sniffStep } from '../probe/sniff.ts'
import type { ProbeParams, RenderParams, VariantMessage } from './protocol.ts'

const SNIFF_STEPS: readonly Step<SniffContext, SniffResults>[] = [sniffStep, checkTypeStep]

/** What a file is: sniffed, checked against what was declared and against the limits. */
export async function probe(params: ProbeParams, limits: Limits, timings: Timings): Promise<Facts> {
  const { type } = await runSteps(SNIFF_STEPS, { ...params, limits }, timings)
  const { facts } = await runSteps(IMAGE_PROBE_STEPS, { file: params.file, type, limits }, timings)
  return facts
}

/** Makes the variants and says what to show until they are there. */
export async function render(
  params: RenderParams,
  limits: Limits,
  timings: Timings,
  announce: (message: VariantMessage) => void,
) {
  const context = { ...params, limits, announce, rasterSize: rasterSize(params.facts, params.variants) }
  const { placeholder } = await runSteps(IMAGE_RENDER_STEPS, context, timings)
  return { placeholder }
}
