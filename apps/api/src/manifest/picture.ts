import { IMAGE_FORMATS, type ManifestFile, type ManifestPicture } from '@darkroom/contracts'

/** Best first. What a browser does not know it passes over. */
const TYPES: readonly string[] = Object.values(IMAGE_FORMATS)
  .toSorted((a, b) => a.rank - b.rank)
  .map(({ contentType }) => contentType)

/** A rounding of the smaller sizes; what differs by more is cropped. */
const MAX_ASPECT_DIFFERENCE = 0.02

interface SizedImage extends ManifestFile {
  width: number
  height: number
}

const aspectOf = ({ width, height }: { width: number; height: number }): number => width / height
const isAlike = (aspect: number, other: number) => Math.abs(aspect - other) / other <= MAX_ASPECT_DIFFERENCE

/**
 * Chooses the sources of a `<picture>`. A srcset chooses between sizes of one image, so crops are left out. Where every
 * variant is cropped, as with avatars, the most frequent shape is taken.
 * @returns null when there is no image
 */
export function pictureOf(
  files: readonly ManifestFile[],
  source: { width: number | null; height: number | null },
  sizes: string,
): ManifestPicture | null {
  const images = sameShape(files.filter(isSizedImage), source)
  const byFormat = TYPES.flatMap(type => {
    const ofType = distinctWidths(images.filter(image => image.type === type))
    return ofType.length > 0 ? [{ type, images: ofType }] : []
  })
  const fallback = byFormat.at(-1)
  const largest = fallback?.images.at(-1)
  if (!fallback || !largest) return null
  return {
    sources: byFormat.slice(0, -1).map(({ type, images }) => ({ type, srcset: srcsetOf(images), sizes })),
    img: { src: largest.url, srcset: srcsetOf(fallback.images), sizes, width: largest.width, height: largest.height },
  }
}

const isSizedImage = (file: ManifestFile): file is SizedImage =>
  TYPES.includes(file.type) && file.width !== null && file.height !== null

function sameShape(
  images: SizedImage[],
  { width, height }: { width: number | null; height: number | null },
): SizedImage[] {
  const like = (aspect: number) => images.filter(image => isAlike(aspectOf(image), aspect))
  const whole = width && height ? like(width / height) : images
  if (whole.length > 0) return whole
  return images
    .map(image => like(aspectOf(image)))
    .reduce((most, next) => (next.length > most.length ? next : most), [])
}

/**
 * Filters images to one of each width, the narrowest first: small sources are not enlarged, so several names may have
 * the same width.
 */
const distinctWidths = (images: SizedImage[]): SizedImage[] =>
  [...new Map(images.map(image => [image.width, image])).values()].sort((a, b) => a.width - b.width)

const srcsetOf = (images: SizedImage[]): string => images.map(({ url, width }) => `${url} ${width}w`).join(', ')
