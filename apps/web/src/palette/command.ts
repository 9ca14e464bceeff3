import type { ReactNode } from 'react'
import type { Need } from '../session/key-access.ts'

/** Something that can be done from everywhere. */
export interface Command {
  id: string
  label: string
  icon: ReactNode
  /** At the right: what it is, or what comes of it. */
  hint?: string
  /** Other words by which it is found. */
  words?: string
  needs: Need | null
  run: () => void
}

// A type and no interface: Base UI takes groups by an index signature.
export type CommandGroup = {
  label: string
  items: Command[]
}

/** Of one group; who looks for another one types more. */
const MOST_SHOWN = 30

/** Returns the groups with the commands that have every word of the text, in any order; groups with none are left out. */
export function matching(groups: readonly CommandGroup[], text: string): CommandGroup[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = ({ label, words = '' }: Command) => {
    const own = `${label} ${words}`.toLowerCase()
    return wanted.every(word => own.includes(word))
  }
  return groups
    .map(group => ({ ...group, items: group.items.filter(fits).slice(0, MOST_SHOWN) }))
    .filter(({ items }) => items.length > 0)
}
