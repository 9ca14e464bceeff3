import { newId } from '@darkroom/core'

/** Returns the facts and the plan of a run for a JPEG: a WebP of 10 × 10 pixels for each name. */
export const runPlan = (names: readonly string[] = ['thumb']) => ({
  facts: {
    kind: 'image' as const,
    contentType: 'image/jpeg',
    sha256: 'source',
    width: 20,
    height: 10,
    durationMs: null,
    pageCount: null,
    animated: false,
    details: { orientation: 1 },
  },
  probe: {},
  variants: names.map((name, position) => ({
    name,
    required: true,
    contentType: 'image/webp',
    width: 10,
    height: 10,
    fingerprint: `f-${name}`,
    objectId: newId(),
    bucket: 'b',
    key: `variants/${newId()}`,
    position,
    isFresh: false,
  })),
  skipped: [],
  original: null,
})
