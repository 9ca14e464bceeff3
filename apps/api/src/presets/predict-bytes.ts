import type { MediaKind } from '@darkroom/contracts'
import type { PlannableAsset } from '@darkroom/db/backfills'
import type { PlannedVariant } from '@darkroom/media/plan'

interface Sum {
  files: number
  bytes: number
  pixels: number
}

export interface BytesPrediction {
  /** A file that stands: what is to be made is compared with such. */
  see(kind: MediaKind, variant: PlannableAsset['standing'][number]): void
  /** A file that is to be made. */
  want(kind: MediaKind, variant: PlannedVariant): void
  /** Bytes of all that is wanted. */
  total(): number
}

/** Predicts by the mean of the variants of the same name, else by pixels of the kind's images, else by its files. */
export function createBytesPrediction(): BytesPrediction {
  const seen = new Map<string, Sum>()
  const wanted = new Map<string, Sum & { kind: MediaKind }>()
  const add = <T extends Sum>(sums: Map<string, T>, key: string, first: T, { bytes = 0, pixels = 0 }) => {
    const sum = sums.get(key) ?? first
    sums.set(key, { ...sum, files: sum.files + 1, bytes: sum.bytes + bytes, pixels: sum.pixels + pixels })
  }
  const none = { files: 0, bytes: 0, pixels: 0 }
  const area = ({ width, height }: { width: number | null; height: number | null }) => (width ?? 0) * (height ?? 0)
  return {
    see(kind, { name, byteSize, ...size }) {
      if (byteSize === null) return
      const file = { bytes: byteSize, pixels: area(size) }
      for (const key of [`${kind} ${name}`, kind, ...(file.pixels > 0 ? [`${kind} pictures`] : [])])
        add(seen, key, none, file)
    },
    want(kind, { name, ...size }) {
      add(wanted, `${kind} ${name}`, { ...none, kind }, { pixels: area(size) })
    },
    total() {
      const bytes = [...wanted].map(([key, { kind, files, pixels }]) => {
        const ofName = seen.get(key)
        if (ofName) return (ofName.bytes / ofName.files) * files
        const images = seen.get(`${kind} pictures`)
        if (pixels > 0 && images) return (images.bytes / images.pixels) * pixels
        const any = seen.get(kind)
        return any ? (any.bytes / any.files) * files : pixels * BYTES_PER_PIXEL
      })
      return Math.round(bytes.reduce((sum, each) => sum + each, 0))
    },
  }
}

/** Of a WebP at quality 80, about; for a library that has nothing yet to compare with. */
const BYTES_PER_PIXEL = 0.15
