import {
  type Dispatch,
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import type { Handle, Size } from './crop-area.ts'
import type { CropAction, CropState, Rotation } from './crop-state.ts'
import type { CropLabels } from './labels.ts'
import { STYLES } from './styles.ts'

interface StageProps {
  image: HTMLImageElement
  crop: CropState
  labels: CropLabels
  dispatch: Dispatch<CropAction>
}

const CORNERS: readonly Handle[] = [
  { x: -1, y: -1 },
  { x: 1, y: -1 },
  { x: -1, y: 1 },
  { x: 1, y: 1 },
]
const EDGES: readonly Handle[] = [
  { x: 0, y: -1 },
  { x: 1, y: 0 },
  { x: 0, y: 1 },
  { x: -1, y: 0 },
]

/** Of the shorter side of the image: a key moves by this part of it, and with Shift by ten times as much. */
const KEY_PART = 0.01
const SCALE_FACTOR = 1.1
const WHEEL_SPEED = 0.002

const ARROWS: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

/** Shows the image and over it the part that is cropped, to be moved and resized by pointer and keys. */
export function Stage({ image, crop, labels, dispatch }: StageProps) {
  const helpId = useId()
  const stage = useRef<HTMLDivElement>(null)
  const room = useRoom(stage)
  const zoom = useRef(crop.zoom)
  zoom.current = crop.zoom
  useEffect(() => {
    const element = stage.current
    // React listens passively, and then the page would scroll as well.
    function onWheel(event: WheelEvent): void {
      event.preventDefault()
      dispatch({ type: 'zoom', zoom: zoom.current * Math.exp(-event.deltaY * WHEEL_SPEED) })
    }
    element?.addEventListener('wheel', onWheel, { passive: false })
    return () => element?.removeEventListener('wheel', onWheel)
  }, [dispatch])

  /** Pixels of the screen for one of the image. */
  const scale = Math.min(room.width / crop.image.width, room.height / crop.image.height) * crop.zoom
  const origin = { x: room.width / 2 - crop.middle.x * scale, y: room.height / 2 - crop.middle.y * scale }
  const { left, top, width, height } = crop.area
  const drag = (act: (dx: number, dy: number) => CropAction) =>
    dragHandlers((dx, dy) => dispatch(act(dx / scale, dy / scale)))
  const step = ({ shiftKey }: { shiftKey: boolean }) =>
    Math.max(1, Math.min(crop.image.width, crop.image.height) * KEY_PART) * (shiftKey ? 10 : 1)

  function onAreaKey(event: KeyboardEvent): void {
    const arrow = ARROWS[event.key]
    const action: CropAction | null = arrow
      ? { type: 'move', dx: arrow.x * step(event), dy: arrow.y * step(event) }
      : (KEYS[event.key.toLowerCase()] ?? null)
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    dispatch(action)
  }

  const onHandleKey = (handle: Handle) => (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key]
    if (!arrow) return
    event.preventDefault()
    event.stopPropagation()
    dispatch({ type: 'resize', handle, dx: arrow.x * step(event), dy: arrow.y * step(event) })
  }
  return (
    <div ref={stage} data-darkroom-crop="stage" style={STYLES.stage} {...drag((dx, dy) => ({ type: 'pan', dx, dy }))}>
      <img
        src={image.src}
        alt=""
        draggable={false}
        style={{ ...STYLES.image, transform: imageTransform(origin, scale, crop.rotation, crop.image) }}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset has a border of its own, and is no part of an image. */}
      <div
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move it.
        tabIndex={0}
        aria-label={`${labels.area}: ${labels.size(Math.round(width), Math.round(height))}`}
        aria-describedby={helpId}
        data-darkroom-crop="area"
        style={{
          ...STYLES.area,
          left: origin.x + left * scale,
          top: origin.y + top * scale,
          width: width * scale,
          height: height * scale,
        }}
        onKeyDown={onAreaKey}
        {...drag((dx, dy) => ({ type: 'move', dx, dy }))}
      >
        {[...CORNERS, ...(crop.aspect === null ? EDGES : [])].map(handle => (
          <button
            key={`${handle.x} ${handle.y}`}
            type="button"
            aria-label={labels.handle(VERTICAL[handle.y], HORIZONTAL[handle.x])}
            data-darkroom-crop="handle"
            style={{ ...STYLES.handle, ...handlePlace(handle) }}
            onKeyDown={onHandleKey(handle)}
            {...drag((dx, dy) => ({ type: 'resize', handle, dx, dy }))}
          >
            <span style={STYLES.knob} />
          </button>
        ))}
      </div>
      <p id={helpId} style={STYLES.hidden}>
        {labels.help}
      </p>
    </div>
  )
}

const KEYS: Record<string, CropAction> = {
  '+': { type: 'scale', factor: SCALE_FACTOR },
  '=': { type: 'scale', factor: SCALE_FACTOR },
  '-': { type: 'scale', factor: 1 / SCALE_FACTOR },
  r: { type: 'turn' },
}

const VERTICAL = { '-1': 'top', '0': '', '1': 'bottom' } as const
const HORIZONTAL = { '-1': 'left', '0': '', '1': 'right' } as const
const CURSORS: Record<string, string> = {
  '-1-1': 'nwse',
  '11': 'nwse',
  '1-1': 'nesw',
  '-11': 'nesw',
  '0-1': 'ns',
  '01': 'ns',
}

/** Half of a handle lies outside of the part. */
const handlePlace = ({ x, y }: Handle) => ({
  left: `calc(${(x + 1) * 50}% - 22px)`,
  top: `calc(${(y + 1) * 50}% - 22px)`,
  cursor: `${CURSORS[`${x}${y}`] ?? 'ew'}-resize`,
})

/** Places the upright image, so that it is seen as it is turned. */
function imageTransform(origin: { x: number; y: number }, scale: number, rotation: Rotation, { width, height }: Size) {
  const shift = { 0: [0, 0], 90: [width, 0], 180: [width, height], 270: [0, height] }[rotation] ?? [0, 0]
  const [x = 0, y = 0] = shift
  return `translate(${origin.x + x * scale}px, ${origin.y + y * scale}px) rotate(${rotation}deg) scale(${scale})`
}

/** Follows a pointer from where it was pressed, whatever it goes over. */
function dragHandlers(onMove: (dx: number, dy: number) => void) {
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      event.stopPropagation()
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
      event.stopPropagation()
      onMove(event.movementX, event.movementY)
    },
  }
}

/** Returns the size of an element, also when it changes. */
function useRoom(element: { current: HTMLElement | null }): Size {
  const [room, setRoom] = useState<Size>({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const observed = element.current
    if (!observed) return
    const measure = () => setRoom({ width: observed.clientWidth, height: observed.clientHeight })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(observed)
    return () => observer.disconnect()
  }, [element])
  return room
}
