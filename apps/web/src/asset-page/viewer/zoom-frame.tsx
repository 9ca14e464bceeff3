import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { useZoom } from './use-zoom.ts'

interface ZoomFrameProps {
  /** What is seen in it, for screen readers. */
  label: string
  /** In pixels of the image, for its proportions. */
  image: { width: number; height: number }
  /** At the left of the buttons. */
  controls?: ReactNode
  /** The image or images, all of one size, which fill the frame with `object-contain`. */
  children: ReactNode
}

/** Shows an image that can be enlarged and moved: by wheel, pinch, double click and drag, by keys, and by buttons. */
export function ZoomFrame({ label, image, controls, children }: ZoomFrameProps) {
  const { zoom, frame, handlers, zoomIn, zoomOut, showWhole } = useZoom(image)
  const percent = `${Math.round(zoom.scale * 100)} %`
  return (
    <div className="overflow-hidden rounded-2xl border border-line bg-sunken">
      <div
        ref={frame}
        role="application"
        aria-roledescription="zoomable image"
        aria-label={`${label}. Plus and minus zoom, arrow keys move, 0 shows all of it.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys zoom and move what is in it, as a wheel does.
        tabIndex={0}
        data-testid="zoom"
        data-scale={zoom.scale.toFixed(2)}
        className={`relative h-[min(60dvh,38rem)] touch-none overflow-hidden select-none ${zoom.scale > 1 ? 'cursor-grab active:cursor-grabbing' : ''}`}
        {...handlers}
      >
        <div
          className="absolute inset-0"
          style={{ transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})` }}
        >
          {children}
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-x-2 border-t border-line bg-surface px-2 py-1">
        <div className="min-w-0 flex-1">{controls}</div>
        <div className="flex items-center">
          <Button look="icon" aria-label="Zoom out" onClick={zoomOut} disabled={zoom.scale === 1}>
            <span aria-hidden="true">−</span>
          </Button>
          <span className="min-w-14 text-center text-sm text-muted" aria-live="polite">
            {percent}
          </span>
          <Button look="icon" aria-label="Zoom in" data-testid="zoom-in" onClick={zoomIn}>
            <span aria-hidden="true">+</span>
          </Button>
          <Button look="quiet" onClick={showWhole} data-testid="zoom-reset">
            Fit
          </Button>
        </div>
      </div>
    </div>
  )
}
