import type { News } from './list-news.ts'

const NUMBER = new Intl.NumberFormat('en')

/** Says what a list does not show yet; null when it shows everything. */
export function newsText({ came, left, isUnclear }: News): string | null {
  if (isUnclear) return 'Show what is new'
  const parts = [
    came.size > 0 && `${NUMBER.format(came.size)} new`,
    left.size > 0 && `${NUMBER.format(left.size)} gone`,
  ].filter(Boolean)
  return parts.join(', ') || null
}
