import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react'
import { clockTime } from '../../human-duration.ts'

interface SeekBarProps {
  /** What one seeks in, for screen readers. */
  label: string
  sec: number
  durationSec: number
  /** Beside the pointer or the keyboard: what is there at this time. */
  preview?: ((sec: number) => ReactNode) | undefined
  className: string
  /** What fills the bar, for the part of it that was played (0 to 1). */
  children: (played: number) => ReactNode
  /** Where the player is right now: two keys may come before it has told. */
  readSec: () => number
  onSeek: (sec: number) => void
}

const STEP_SEC = 5

const STEPS: Record<string, (sec: number, durationSec: number) => number> = {
  ArrowLeft: sec => sec - STEP_SEC,
  ArrowDown: sec => sec - STEP_SEC,
  ArrowRight: sec => sec + STEP_SEC,
  ArrowUp: sec => sec + STEP_SEC,
  PageDown: (sec, durationSec) => sec - durationSec / 10,
  PageUp: (sec, durationSec) => sec + durationSec / 10,
  Home: () => 0,
  End: (_, durationSec) => durationSec,
}

/** Shows where a player is, and moves it: by click, drag and keys. Under the pointer it shows what is there. */
export function SeekBar({ label, sec, durationSec, preview, className, children, readSec, onSeek }: SeekBarProps) {
  const [hoverSec, setHoverSec] = useState<number | null>(null)

  function secAt({ currentTarget, clientX }: PointerEvent<HTMLElement>): number {
    const { left, width } = currentTarget.getBoundingClientRect()
    return Math.max(0, Math.min(1, (clientX - left) / width)) * durationSec
  }

  function onPointerMove(event: PointerEvent<HTMLElement>): void {
    const at = secAt(event)
    setHoverSec(at)
    if (event.buttons === 1) onSeek(at)
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const step = STEPS[event.key]
    if (!step) return
    event.preventDefault()
    const at = Math.max(0, Math.min(durationSec, step(readSec(), durationSec)))
    setHoverSec(at)
    onSeek(at)
  }
  const shown = hoverSec !== null && durationSec > 0 ? preview?.(hoverSec) : null
  return (
    <div className="relative">
      <div
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.round(durationSec)}
        aria-valuenow={Math.round(sec)}
        aria-valuetext={`${clockTime(sec * 1000)} of ${clockTime(durationSec * 1000)}`}
        data-testid="seek"
        onPointerDown={event => {
          event.currentTarget.setPointerCapture(event.pointerId)
          onSeek(secAt(event))
        }}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setHoverSec(null)}
        onKeyDown={onKeyDown}
        onBlur={() => setHoverSec(null)}
        className={`relative cursor-pointer touch-none ${className}`}
      >
        {children(durationSec > 0 ? Math.min(1, sec / durationSec) : 0)}
      </div>
      {shown && hoverSec !== null && (
        <div
          data-testid="seek-preview"
          aria-hidden="true"
          className="pointer-events-none absolute bottom-full z-10 mb-2 -translate-x-1/2"
          style={{ left: `clamp(5rem, ${(hoverSec / durationSec) * 100}%, calc(100% - 5rem))` }}
        >
          {shown}
        </div>
      )}
    </div>
  )
}
