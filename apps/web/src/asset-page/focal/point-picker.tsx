import type { FocalPoint } from '@darkroom/contracts'
import type { KeyboardEvent, PointerEvent } from 'react'

interface PointPickerProps {
  url: string
  image: { width: number; height: number }
  point: FocalPoint
  onError: () => void
  onChange: (point: FocalPoint) => void
}

const STEP = 0.01
const ARROWS: Record<string, FocalPoint> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

/** Shows an image and a point on it, which is chosen by a click, by dragging or by arrow keys. */
export function PointPicker({ url, image, point, onError, onChange }: PointPickerProps) {
  function choose({ currentTarget, clientX, clientY }: PointerEvent<HTMLElement>): void {
    const { left, top, width, height } = currentTarget.getBoundingClientRect()
    onChange({ x: part((clientX - left) / width), y: part((clientY - top) / height) })
  }

  function onKeyDown(event: KeyboardEvent): void {
    const arrow = ARROWS[event.key]
    if (!arrow) return
    event.preventDefault()
    const by = event.shiftKey ? STEP * 10 : STEP
    onChange({ x: part(point.x + arrow.x * by), y: part(point.y + arrow.y * by) })
  }
  const place = `${Math.round(point.x * 100)} % from the left, ${Math.round(point.y * 100)} % from the top`
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label="Focal point. Arrow keys move it, with Shift in larger steps."
      aria-valuenow={Math.round(point.x * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={place}
      data-testid="point-picker"
      style={{ aspectRatio: `${image.width} / ${image.height}` }}
      className="relative max-h-80 max-w-full cursor-crosshair touch-none justify-self-start overflow-hidden rounded-lg"
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId)
        choose(event)
      }}
      onPointerMove={event => event.buttons === 1 && choose(event)}
      onKeyDown={onKeyDown}
    >
      <img src={url} alt="" draggable={false} onError={onError} className="size-full object-contain" />
      <span
        aria-hidden="true"
        className="pointer-events-none absolute size-7 -translate-1/2 rounded-full border-3 border-white bg-accent/60 shadow-[0_0_0_2px_rgb(0_0_0/0.7)]"
        style={{ left: `${point.x * 100}%`, top: `${point.y * 100}%` }}
      />
    </div>
  )
}

/** In thousandths: nobody clicks more exactly. */
const part = (value: number): number => Math.round(Math.max(0, Math.min(1, value)) * 1000) / 1000
