import { MEDIA_KINDS, type MediaKind } from '@darkroom/contracts/media-types'
import { TYPES } from './fields.ts'

export type Variant = Record<string, unknown> & { name?: string; type?: string }

/** A definition as it is being written: it may be wrong. */
export type Draft = Record<string, unknown>

/** What form and text both show. */
export interface Editing {
  draft: Draft
  /** As it was typed, or as it is written out of the draft. */
  text: string
  /** Why the text is no JSON; the form then shows what it said last. */
  fault: string | null
}

export const written = (draft: Draft): string => JSON.stringify(draft, null, 2)
export const editingOf = (draft: Draft): Editing => ({ draft, text: written(draft), fault: null })

/** Takes what was typed: text that is no JSON object changes only the text. */
export function withText(editing: Editing, text: string): Editing {
  try {
    const draft: unknown = JSON.parse(text)
    if (typeof draft !== 'object' || draft === null || Array.isArray(draft))
      return { ...editing, text, fault: 'Expected an object in braces.' }
    return { draft: draft as Draft, text, fault: null }
  } catch (error) {
    return { ...editing, text, fault: error instanceof Error ? error.message : String(error) }
  }
}

export interface Place {
  kind: MediaKind
  index: number
}

/** Returns the variants of a kind; what is no list of objects has none. */
export function variantsOf(draft: Draft, kind: MediaKind): Variant[] {
  const { variants } = (draft[kind] ?? {}) as { variants?: unknown }
  return Array.isArray(variants) ? variants.filter(each => typeof each === 'object' && each !== null) : []
}

/** Returns all variants, with their places. */
export const placesOf = (draft: Draft): (Place & { variant: Variant })[] =>
  MEDIA_KINDS.flatMap(kind => variantsOf(draft, kind).map((variant, index) => ({ kind, index, variant })))

function withVariants(draft: Draft, kind: MediaKind, variants: Variant[]): Draft {
  const { [kind]: part, ...others } = draft
  return variants.length === 0 ? others : { ...draft, [kind]: { ...(part as object), variants } }
}

/** Sets a field of a variant; undefined removes it. */
export function withField(draft: Draft, { kind, index }: Place, name: string, value: unknown): Draft {
  const variants = variantsOf(draft, kind).map((variant, at) => {
    if (at !== index) return variant
    const { [name]: _, ...rest } = variant
    return value === undefined ? rest : { ...variant, [name]: value }
  })
  return withVariants(draft, kind, variants)
}

/** Adds a variant of the first type of a kind, under a name that is free. */
export function withNewVariant(draft: Draft, kind: MediaKind): { draft: Draft; place: Place } {
  const variants = variantsOf(draft, kind)
  const names = new Set(variants.map(({ name }) => name))
  let number = variants.length + 1
  while (names.has(`variant-${number}`)) number++
  const [type = ''] = Object.keys(TYPES[kind])
  const variant = { type, name: `variant-${number}`, width: 640, format: 'webp' }
  return { draft: withVariants(draft, kind, [...variants, variant]), place: { kind, index: variants.length } }
}

export const withoutVariant = (draft: Draft, { kind, index }: Place): Draft =>
  withVariants(
    draft,
    kind,
    variantsOf(draft, kind).filter((_, at) => at !== index),
  )

/** Returns the type of a variant; the first of its kind where it is left out. */
export const typeOf = (kind: MediaKind, { type }: Variant): string => type ?? Object.keys(TYPES[kind])[0] ?? ''

/** Returns a definition with one variant alone, as a preview wants it. */
export const alone = (draft: Draft, { kind, index }: Place): Draft | null => {
  const variant = variantsOf(draft, kind)[index]
  return variant ? { [kind]: { variants: [variant] } } : null
}
