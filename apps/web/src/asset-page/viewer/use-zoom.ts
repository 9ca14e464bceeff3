import { type KeyboardEvent, type MouseEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from 'react'
import { fitted, kept, moved, WHOLE, type Zoom, zoomed } from './zoom.ts'

interface Size {
  width: number
  height: number
}

const KEY_FACTOR = 1.5
const KEY_STEP_PX = 60
/** Of a notch of a wheel, which is 100 px in most browsers. */
const WHEEL_SPEED = 0.002

const KEYS: Record<string, (zoom: Zoom) => Zoom> = {
  '+': zoom => zoomed(zoom, KEY_FACTOR),
  '=': zoom => zoomed(zoom, KEY_FACTOR),
  '-': zoom => zoomed(zoom, 1 / KEY_FACTOR),
  '0': () => WHOLE,
  ArrowLeft: zoom => moved(zoom, KEY_STEP_PX, 0),
  ArrowRight: zoom => moved(zoom, -KEY_STEP_PX, 0),
  ArrowUp: zoom => moved(zoom, 0, KEY_STEP_PX),
  ArrowDown: zoom => moved(zoom, 0, -KEY_STEP_PX),
}

/** Zooms and moves an image in a frame: by wheel, pinch, drag, double click and keys. */
export function useZoom({ width, height }: Size) {
  const frame = useRef<HTMLDivElement>(null)
  const [zoom, setZoom] = useState<Zoom>(WHOLE)
  const pointers = useRef(new Map<number, { x: number; y: number }>())

  const change = useCallback(
    (next: (zoom: Zoom) => Zoom) => {
      const room = frame.current?.getBoundingClientRect()
      if (room) setZoom(zoom => kept(next(zoom), fitted({ width, height }, room), room))
    },
    [width, height],
  )

  /** From the middle of the frame. */
  const fromMiddle = useCallback(({ clientX, clientY }: { clientX: number; clientY: number }) => {
    const room = frame.current?.getBoundingClientRect() ?? new DOMRect()
    return { x: clientX - room.left - room.width / 2, y: clientY - room.top - room.height / 2 }
  }, [])

  useEffect(() => {
    const element = frame.current
    // React listens passively, and then the page would scroll as well.
    function onWheel(event: WheelEvent): void {
      event.preventDefault()
      change(zoom => zoomed(zoom, Math.exp(-event.deltaY * WHEEL_SPEED), fromMiddle(event)))
    }
    element?.addEventListener('wheel', onWheel, { passive: false })
    return () => element?.removeEventListener('wheel', onWheel)
  }, [change, fromMiddle])

  function onPointerDown(event: PointerEvent<HTMLElement>): void {
    if (event.target instanceof Element && event.target.closest('input, button')) return
    event.currentTarget.setPointerCapture(event.pointerId)
    pointers.current.set(event.pointerId, fromMiddle(event))
  }

  function onPointerMove(event: PointerEvent<HTMLElement>): void {
    const before = pointers.current.get(event.pointerId)
    if (!before) return
    const now = fromMiddle(event)
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1]
    pointers.current.set(event.pointerId, now)
    if (!other) {
      change(zoom => moved(zoom, now.x - before.x, now.y - before.y))
      return
    }
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }
    const factor = distance(now, other) / Math.max(1, distance(before, other))
    change(zoom => moved(zoomed(zoom, factor, middle), (now.x - before.x) / 2, (now.y - before.y) / 2))
  }

  function onPointerUp(event: PointerEvent<HTMLElement>): void {
    pointers.current.delete(event.pointerId)
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const act = KEYS[event.key]
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return
    // Keys of a control inside, such as the slider, are its own.
    if (event.target !== event.currentTarget) return
    event.preventDefault()
    change(act)
  }

  return {
    zoom,
    frame,
    zoomIn: () => change(zoom => zoomed(zoom, KEY_FACTOR)),
    zoomOut: () => change(zoom => zoomed(zoom, 1 / KEY_FACTOR)),
    showWhole: () => setZoom(WHOLE),
    /** For the frame. */
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel: onPointerUp,
      onKeyDown,
      onDoubleClick: (event: MouseEvent) =>
        change(zoom => (zoom.scale > 1 ? WHOLE : zoomed(zoom, 3, fromMiddle(event)))),
    },
  }
}

const distance = (a: { x: number; y: number }, b: { x: number; y: number }) => Math.hypot(a.x - b.x, a.y - b.y)
