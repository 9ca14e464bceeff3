import { useState } from 'react'

interface CompareProps {
  before: { url: string; label: string; onError?: () => void }
  after: { url: string; label: string; onError?: () => void }
  alt: string
}

const IMAGE = 'absolute inset-0 size-full object-contain'

/** Returns two images, one over the other, and the slider that says how much of each is seen. */
export function useCompareImages({ before, after, alt }: CompareProps) {
  const [percent, setPercent] = useState(50)
  const images = (
    <>
      <img src={after.url} alt={alt} draggable={false} onError={after.onError} className={IMAGE} />
      <img
        src={before.url}
        alt=""
        draggable={false}
        onError={before.onError}
        className={IMAGE}
        style={{ clipPath: `inset(0 ${100 - percent}% 0 0)` }}
      />
      <span aria-hidden="true" className="absolute inset-y-0 w-px bg-white/70" style={{ left: `${percent}%` }} />
    </>
  )
  const slider = (
    <label className="flex min-h-11 items-center gap-3 px-2 text-sm">
      <span className="shrink-0 text-muted">{before.label}</span>
      <input
        type="range"
        min={0}
        max={100}
        value={percent}
        data-testid="compare"
        aria-label={`How much of ${before.label} is shown, beside ${after.label}`}
        aria-valuetext={`${percent} % ${before.label}`}
        onChange={({ currentTarget }) => setPercent(Number(currentTarget.value))}
        className="h-11 w-full min-w-24 max-w-md accent-accent"
      />
      <span className="shrink-0 text-muted">{after.label}</span>
    </label>
  )
  return { images, slider, percent }
}
