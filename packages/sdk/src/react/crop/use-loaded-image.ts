import { useEffect, useState } from 'react'

/** Decodes an image, upright as its metadata says; null until it is there. */
export function useLoadedImage(source: Blob): { image: HTMLImageElement | null; hasFailed: boolean } {
  const [loaded, setLoaded] = useState<{ source: Blob; image: HTMLImageElement | null } | null>(null)
  useEffect(() => {
    const url = URL.createObjectURL(source)
    const image = new Image()
    let isCurrent = true
    image.src = url
    const decoded = image.decode().then(
      () => isCurrent && setLoaded({ source, image }),
      () => isCurrent && setLoaded({ source, image: null }),
    )
    return () => {
      isCurrent = false
      // Not while it is read.
      void decoded.then(() => URL.revokeObjectURL(url))
    }
  }, [source])
  const isOfSource = loaded?.source === source
  return { image: isOfSource ? loaded.image : null, hasFailed: isOfSource && loaded.image === null }
}
