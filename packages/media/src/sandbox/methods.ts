import type { Placeholder } from '@darkroom/contracts'
import { MEDIA_TYPES, type MediaKind, type MediaType } from '@darkroom/contracts/media-types'
import type { Facts } from '../facts.ts'
import { renderIcons } from '../icon/render.ts'
import type { Limits } from '../limits.ts'
import type { KindModule, RenderContext } from '../pipeline/kind.ts'
import { runSteps, type Step, type Timings } from '../pipeline/steps.ts'
import { checkTypeStep, detectTypeStep } from '../probe/check-type.ts'
import type { SniffContext, SniffResults } from '../probe/context.ts'
import { sniffStep } from '../probe/sniff.ts'
import type { Warn } from '../source-warning.ts'
import type { ProbeParams, RenderParams, Tools } from './protocol.ts'

/** Loaded when first needed: a process that shrinks photos has no use for a PDF renderer. */
const KINDS: Record<MediaKind, () => Promise<KindModule>> = {
  image: async () => (await import('../image/index.ts')).imageKind as KindModule,
  video: async () => (await import('../video/index.ts')).videoKind as KindModule,
  audio: async () => (await import('../audio/index.ts')).audioKind as KindModule,
  document: async () => (await import('../document/index.ts')).documentKind as KindModule,
}

/** Loads the code of every kind, so that it can be compiled ahead. */
export const loadKinds = () => Promise.all(Object.values(KINDS).map(load => load()))

export interface MethodDeps {
  limits: Limits
  tools: Tools | null
  timings: Timings
  warn: Warn
}

const DEAF: Warn = () => undefined

const DETECT_STEPS: readonly Step<SniffContext, SniffResults>[] = [sniffStep, detectTypeStep]

/** Finds out what a file is by its bytes alone; none of it is decoded. What there is to warn of, the probe says. */
export async function detect({ file, declaredType }: ProbeParams, { limits, timings }: MethodDeps): Promise<MediaType> {
  const { type } = await runSteps(DETECT_STEPS, { file, declaredType, limits, warn: DEAF }, timings)
  return type
}

const SNIFF_STEPS: readonly Step<SniffContext, SniffResults>[] = [sniffStep, checkTypeStep]

/** Finds out what a file is: sniffed, checked against what was declared and against the limits. */
export async function probe({ file, declaredType }: ProbeParams, deps: MethodDeps): Promise<Facts> {
  const { limits, timings, warn } = deps
  const { type } = await runSteps(SNIFF_STEPS, { file, declaredType, limits, warn }, timings)
  const kind = await KINDS[MEDIA_TYPES[type].kind]()
  return kind.probe({ file, type, ...deps })
}

/** Makes the variants and says what to show until they are there. */
export async function render(
  params: RenderParams,
  deps: MethodDeps & Pick<RenderContext, 'announce' | 'progress'>,
): Promise<{ placeholder: Placeholder | null }> {
  const context: RenderContext = { ...params, ...deps }
  await renderIcons(context)
  const kind = await KINDS[params.facts.kind]()
  return kind.render({ ...context, variants: params.variants.filter(({ type }) => type !== 'icon') })
}
