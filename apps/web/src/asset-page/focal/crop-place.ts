import type { Asset, FocalPoint } from '@darkroom/contracts'

/** Proportions in which an image is shown. */
export interface Ratio {
  label: string
  /** Width by height. */
  value: number
}

const COMMON: readonly Ratio[] = [
  { label: '1:1', value: 1 },
  { label: '4:3', value: 4 / 3 },
  { label: '16:9', value: 16 / 9 },
  { label: '3:1', value: 3 },
  { label: '4:5', value: 4 / 5 },
  { label: '9:16', value: 9 / 16 },
]

/** So much two proportions differ that look the same. */
const TOLERANCE = 0.02

const isSame = (a: number, b: number) => Math.abs(a / b - 1) <= TOLERANCE

/** Lists the proportions of the variants that are cropped out of an image, by their names, then common ones. */
export function ratiosOf({ variants, width, height }: Pick<Asset, 'variants' | 'width' | 'height'>): Ratio[] {
  const own = width && height ? width / height : null
  const cropped = variants.flatMap(variant => {
    if (!variant.contentType?.startsWith('image/') || !variant.width || !variant.height || own === null) return []
    const value = variant.width / variant.height
    return isSame(value, own) ? [] : [{ label: variant.name, value }]
  })
  const ratios: Ratio[] = []
  for (const ratio of [...cropped, ...COMMON]) {
    const same = ratios.find(({ value }) => isSame(value, ratio.value))
    if (!same) ratios.push(ratio)
    else if (!COMMON.includes(ratio)) same.label = `${same.label}, ${ratio.label}`
  }
  return ratios
}

/** Returns `object-position` in percent, so that `object-fit: cover` shows what Darkroom crops at this point. */
export function cropPlace(point: FocalPoint, image: { width: number; height: number }, ratio: number): FocalPoint {
  const own = image.width / image.height
  return {
    x: ratio < own ? percent(point.x, ratio / own) : 50,
    y: ratio > own ? percent(point.y, own / ratio) : 50,
  }
}

/** Of a part of the whole, whose middle is at the point, as near as the edges allow. */
function percent(point: number, part: number): number {
  if (part >= 1) return 50
  const start = Math.max(0, Math.min(1 - part, point - part / 2))
  return (start / (1 - part)) * 100
}
