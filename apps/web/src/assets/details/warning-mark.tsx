import { WarningIcon } from '../../ui/icons.tsx'

/** Marks a file of the library that has warnings. Decorative: the accessible name of what it marks must say so. */
export const WarningMark = () => (
  <span
    aria-hidden="true"
    data-testid="warning-mark"
    className="absolute top-2 left-2 inline-flex items-center gap-1 rounded-full bg-black/65 py-0.5 pr-2.5 pl-1.5 text-xs font-medium text-white [&_svg]:size-4"
  >
    <WarningIcon />
    Warning
  </span>
)
