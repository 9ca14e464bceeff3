/** How what opens beside a control looks: menus, popovers, lists of choices. */
export const FLOATING =
  'z-40 rounded-2xl border border-line bg-surface text-ink shadow-card outline-none transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0'

/** How an item of a menu or a list looks; the highlighted one is where the keyboard or the pointer is. */
export const FLOATING_ITEM =
  'flex min-h-11 cursor-default items-center gap-3 rounded-xl px-3 text-sm outline-none select-none data-disabled:text-muted data-highlighted:bg-sunken'
