import { useEffect, useRef } from 'react'
import { drawPreview } from '../draw-preview.ts'

/** Shows a small image of a file that is still being uploaded, where the browser can decode it. */
export function LocalPreview({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const cancel = new AbortController()
    void drawPreview(file, () => canvas.current, cancel.signal)
    return () => cancel.abort()
  }, [file])
  return (
    <canvas
      ref={canvas}
      width="1"
      height="1"
      className="absolute inset-0 size-full object-cover brightness-90 saturate-50"
    />
  )
}
