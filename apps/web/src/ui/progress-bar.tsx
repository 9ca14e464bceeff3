interface ProgressBarProps {
  /** 0 to 100. */
  value: number
  label: string
  text: string
}

export function ProgressBar({ value, label, text }: ProgressBarProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value}
      aria-valuetext={text}
      className="h-1 overflow-hidden rounded-full bg-sunken"
    >
      <div
        className="h-full origin-left rounded-full bg-accent transition-transform duration-300 ease-out"
        style={{ transform: `scaleX(${value / 100})` }}
      />
    </div>
  )
}
