/** How wide each column of the table is, and below which width of the window it is left out. */
export const COLUMNS = {
  name: 'min-w-0 flex-1',
  status: 'w-32 truncate max-sm:hidden',
  format: 'w-44 truncate max-lg:hidden',
  folder: 'w-36 truncate max-xl:hidden',
  tags: 'w-40 truncate max-xl:hidden',
  size: 'w-20 text-right',
  created: 'w-28 text-right max-md:hidden',
} as const
