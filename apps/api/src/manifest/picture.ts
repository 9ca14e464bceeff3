import type { ManifestFile, ManifestPicture, PictureType } from '@darkroom/contracts'
import { bestFirst } from './best-first.ts'

/** Best first: the smallest for what they show. What a browser does not know it passes over. */
const FORMATS = bestFirst<PictureType>({ 'image/avif': 1, 'image/webp': 2, 'image/jpeg': 3, 'image/png': 4 })

/** A rounding of the smaller sizes; what differs by more is cropped. */
const MAX_ASPECT_DIFFERENCE = 0.02

interface Picture extends ManifestFile {
  width: number
  height: number
}

const aspectOf = ({ width, height }: { width: number; height: number }): number => width / height
const isAlike = (aspect: number, other: number) => Math.abs(aspect - other) / other <= MAX_ASPECT_DIFFERENCE

/**
 * The sources of a `<picture>`. A srcset chooses between sizes of one picture, so crops are left out; where everything is
 * cropped, as avatars are, it is the shape that most of them have.
 * @returns null when there is no picture
 */
export function pictureOf(
  files: readonly ManifestFile[],
  source: { width: number | null; height: number | null },
  sizes: string,
): ManifestPicture | null {
  const pictures = sameShape(files.filter(isPicture), source)
  const byFormat = FORMATS.flatMap(type => {
    const ofType = distinctWidths(pictures.filter(picture => picture.type === type))
    return ofType.length > 0 ? [{ type, pictures: ofType }] : []
  })
  const fallback = byFormat.at(-1)
  const largest = fallback?.pictures.at(-1)
  if (!fallback || !largest) return null
  return {
    sources: byFormat.slice(0, -1).map(({ type, pictures }) => ({ type, srcset: srcsetOf(pictures), sizes })),
    img: { src: largest.url, srcset: srcsetOf(fallback.pictures), sizes, width: largest.width, height: largest.height },
  }
}

const isPicture = (file: ManifestFile): file is Picture =>
  FORMATS.includes(file.type) && file.width !== null && file.height !== null

function sameShape(pictures: Picture[], { width, height }: { width: number | null; height: number | null }): Picture[] {
  const like = (aspect: number) => pictures.filter(picture => isAlike(aspectOf(picture), aspect))
  const whole = width && height ? like(width / height) : pictures
  if (whole.length > 0) return whole
  return pictures
    .map(picture => like(aspectOf(picture)))
    .reduce((most, next) => (next.length > most.length ? next : most), [])
}

/** Small sources are not enlarged, so several names may have one width; the narrowest first. */
const distinctWidths = (pictures: Picture[]): Picture[] =>
  [...new Map(pictures.map(picture => [picture.width, picture])).values()].sort((a, b) => a.width - b.width)

const srcsetOf = (pictures: Picture[]): string => pictures.map(({ url, width }) => `${url} ${width}w`).join(', ')
