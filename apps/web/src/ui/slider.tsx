import { Slider as Base } from '@base-ui/react/slider'

interface SliderProps {
  label: string
  value: number
  min: number
  max: number
  step?: number
  /** How the value is shown and read aloud: `3 at a time`. */
  format?: (value: number) => string
  testId?: string
  onChange: (value: number) => void
}

/** Chooses a number of a range, by pointer and by arrow keys. */
export const Slider = ({ label, value, min, max, step = 1, format = String, testId, onChange }: SliderProps) => (
  <Base.Root value={value} min={min} max={max} step={step} onValueChange={onChange} data-testid={testId}>
    <div className="flex items-baseline justify-between gap-4 text-sm">
      <Base.Label className="font-medium">{label}</Base.Label>
      <Base.Value className="text-muted">{() => format(value)}</Base.Value>
    </div>
    <Base.Control className="flex h-11 touch-none items-center">
      <Base.Track className="h-1.5 w-full rounded-full bg-sunken outline-1 outline-line">
        <Base.Indicator className="rounded-full bg-accent" />
        <Base.Thumb
          getAriaValueText={() => format(value)}
          className="size-6 rounded-full border-2 border-accent bg-surface has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
        />
      </Base.Track>
    </Base.Control>
  </Base.Root>
)
