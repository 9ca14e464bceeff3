/** Shows the logo: a safelight, the one lamp that may burn in a darkroom. */
export function Mark() {
  return (
    <svg viewBox="0 0 28 28" width="28" height="28" aria-hidden="true">
      <rect width="28" height="28" rx="8" className="fill-ink" />
      <circle cx="14" cy="14" r="7.5" className="fill-accent" />
      <circle cx="14" cy="14" r="3" className="fill-ink" />
    </svg>
  )
}
