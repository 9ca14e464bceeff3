/** How inputs and selects of the admin pages look. Text is 16 px: below that, phones zoom in. */
export const FIELD =
  'min-h-11 w-full min-w-0 rounded-xl border border-edge bg-paper px-3 text-base text-ink placeholder:text-muted sm:text-sm'
