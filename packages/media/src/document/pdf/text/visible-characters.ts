import type { Size } from '../../../plan/geometry.ts'
import type { Pdf } from '../open-pdf.ts'
import { largeImages } from '../page-images.ts'
import type { Character } from './characters.ts'
import { differ, hasContrast, hasInk, type PageBitmap, renderBitmap } from './page-bitmap.ts'
import { objectsOf } from './page-objects.ts'
import { type Paint, paintOf } from './paint.ts'

/** What characters are looked up in. */
interface Bitmaps {
  /** The characters of one group alone, on nothing. */
  ink: PageBitmap
  /** The page with its words and without; null where nothing can cover them, and where they are not needed. */
  whole: PageBitmap | null
  bare: PageBitmap | null
}

export interface VisibleCharacters {
  seen: Set<Character>
  /** Codes of those that would be seen if a font had a shape for them; they count as seen. */
  missing: number[]
}

/**
 * Returns which of these characters are seen in an image of the page. The page is looked at, because there are too many ways to hide
 * a word (switched-off layers, crop boxes, clips, masks, ink without a colour, bars on top) to know them by what they say.
 * The page cannot be drawn afterwards: load it again.
 * @throws MediaFault RESOURCE_LIMIT
 */
export function visibleCharacters(pdf: Pdf, page: number, size: Size, characters: Character[]): VisibleCharacters {
  const { groups, others, isCoverable } = objectsOf(pdf, page)
  const byObject = Map.groupBy(characters, ({ object }) => object)
  const paints = new Map([...byObject.keys()].map(object => [object, paintOf(pdf, object)]))
  const some = (test: (paint: Paint) => boolean) => [...paints.values()].some(test)
  const isCompared = isCoverable || some(({ isLight }) => isLight)
  const setActive = (objects: number[], isActive: boolean): void => {
    for (const object of objects) pdf.api.FPDFPageObj_SetIsActive(object, isActive)
  }

  // Too large to be decoded: their page has no image in which a word could be seen on them.
  const tooLarge = largeImages(pdf, page).map(({ object }) => object)
  setActive(tooLarge, false)
  const whole = isCompared ? renderBitmap(pdf, page, size, 'paper') : null
  for (const group of groups) setActive(group, false)
  const bare = isCompared || some(({ isInvisible }) => isInvisible) ? renderBitmap(pdf, page, size, 'paper') : null
  setActive(others, false)
  const seen = new Set<Character>()
  const missing: number[] = []
  for (const group of groups) {
    const ofGroup = group.flatMap(object => byObject.get(object) ?? [])
    if (ofGroup.length === 0) continue
    setActive(group, true)
    const bitmaps = { ink: renderBitmap(pdf, page, size, 'nothing'), whole, bare }
    setActive(group, false)
    for (const character of ofGroup) {
      const paint = paints.get(character.object)
      if (paint && isSeen(character, paint, bitmaps, missing)) seen.add(character)
    }
  }
  return { seen, missing }
}

function isSeen({ box, code }: Character, { isInvisible, lacks }: Paint, bitmaps: Bitmaps, missing: number[]): boolean {
  const { ink, whole, bare } = bitmaps
  // The words that a program read in an image lie over it without ink: they are seen as far as there is an image.
  if (isInvisible) return bare !== null && hasContrast(bare, box)
  if (hasInk(ink, box)) return whole === null || bare === null || differ(whole, bare, box)
  // A letter without a font leaves no ink on a page that would show it.
  if (!lacks(code) || !isInside(ink.size, box)) return false
  missing.push(code)
  return true
}

const isInside = ({ width, height }: Size, [left, top, right, bottom]: Character['box']): boolean =>
  left < width && top < height && right > 0 && bottom > 0
