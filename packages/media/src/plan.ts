import type { MediaKind, PresetDefinition } from '@darkroom/contracts'
import { planAudio } from './audio/plan.ts'
import { planDocument } from './document/plan.ts'
import type { Facts, FactsOf } from './facts.ts'
import { planIcon } from './icon/plan.ts'
import { planImage } from './image/plan.ts'
import { isMet } from './plan/condition.ts'
import type { PlannedVariant } from './planned.ts'
import { planVideo } from './video/plan.ts'

export interface Skipped {
  name: string
  required: boolean
}

export interface Plan {
  kind: MediaKind
  /** In the order in which they are made: what a person can look at first, the smallest before the larger. */
  variants: PlannedVariant[]
  /** What the preset names and this file has no use for: they count as satisfied. */
  skipped: Skipped[]
}

/** What this installation can do besides images. */
export interface Capabilities {
  hasFfmpeg: boolean
}

type SpecOf<Kind extends MediaKind> = NonNullable<PresetDefinition[Kind]>['variants'][number]

/** Makes one entry of a preset into the files it means; none where the file has no use for it. */
export type PlanSpec<Kind extends MediaKind> = (
  facts: FactsOf<Kind>,
  spec: Exclude<SpecOf<Kind>, { type: 'icon' }>,
  capabilities: Capabilities,
) => PlannedVariant[]

const PLANNERS: { [Kind in MediaKind]: PlanSpec<Kind> } = {
  image: planImage,
  video: planVideo,
  audio: planAudio,
  document: planDocument,
}

/** Plans what to make of a file: pure, never enlarges, never plans a size of zero, never fails: what no image is made of gets an icon. */
export function plan(
  facts: Facts,
  definition: PresetDefinition,
  capabilities: Capabilities = { hasFfmpeg: true },
): Plan {
  const specs: readonly SpecOf<MediaKind>[] = definition[facts.kind]?.variants ?? []
  const planned = specs
    .filter(spec => isListed(facts, spec))
    .map(spec => ({
      spec,
      variants: isMet(spec.when, facts) ? planOne(facts, spec, capabilities) : [],
    }))
  const variants = planned.flatMap(({ variants }) => variants)
  const shown = hasImage(variants) ? variants : [...variants, planIcon(facts, ICON)]
  const skipped = planned
    .filter(({ spec, variants }) => variants.length === 0 && !shown.some(({ name }) => name === spec.name))
    .map(({ spec: { name, required } }) => ({ name, required }))
  return { kind: facts.kind, variants: inOrder(shown), skipped }
}

/** For what there would be nothing to look at of. */
const ICON = { type: 'icon', name: 'icon', required: false, width: 256, format: 'webp' } as const

const hasImage = (variants: readonly PlannedVariant[]): boolean =>
  variants.some(({ name, width }) => width !== null || name === ICON.name)

/**
 * Tells whether a variant is listed. Otherwise every still image would show a skipped animation, and nearly every video
 * skipped chapters.
 */
const isListed = (facts: Facts, spec: SpecOf<MediaKind>): boolean => spec.required || !isRare(facts, spec)

const isRare = (facts: Facts, { type }: SpecOf<MediaKind>): boolean =>
  (type === 'animation' && facts.animated !== true) ||
  (type === 'chapters' && 'chapters' in facts && facts.chapters.length === 0)

function planOne(facts: Facts, spec: SpecOf<MediaKind>, capabilities: Capabilities): PlannedVariant[] {
  if (spec.type === 'icon') return [planIcon(facts, spec)]
  const planner = PLANNERS[facts.kind] as (facts: Facts, spec: unknown, capabilities: Capabilities) => PlannedVariant[]
  return planner(facts, spec, capabilities)
}

/** Quick to make and good to look at comes first. */
const ORDER: readonly PlannedVariant['type'][] = [
  'icon',
  'picture',
  'page',
  'poster',
  'cover',
  'text',
  'chapters',
  'peaks',
  'waveform',
  'preview',
  'animation',
  'storyboard',
  'sound',
  'rendition',
  'hls',
]

/** Tells whether a variant is slow: AVIF takes ten times as long as the others, so it comes last. */
const isSlow = (variant: PlannedVariant): boolean => 'format' in variant && variant.format === 'avif'

const area = ({ width, height }: PlannedVariant): number => (width ?? 0) * (height ?? 0)

const inOrder = (variants: PlannedVariant[]): PlannedVariant[] =>
  variants.toSorted(
    (a, b) =>
      Number(isSlow(a)) - Number(isSlow(b)) || ORDER.indexOf(a.type) - ORDER.indexOf(b.type) || area(a) - area(b),
  )
