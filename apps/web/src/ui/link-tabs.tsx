import { Link, type LinkProps } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'

export interface LinkTab {
  link: LinkProps
  label: ReactNode
  testId: string
  isCurrent: boolean
}

interface LinkTabsProps {
  /** What one chooses, for screen readers. */
  label: string
  tabs: LinkTab[]
  /** Whether each leads to another page, or to another part of the same list. */
  current?: 'page' | 'true'
}

const EXACTLY = { exact: true }

/** Shows one link for each choice, so that each has an address. On a phone they scroll sideways. */
export function LinkTabs({ label, tabs, current = 'true' }: LinkTabsProps) {
  const nav = useRef<HTMLElement>(null)
  const currentId = tabs.find(({ isCurrent }) => isCurrent)?.testId
  // The current one may be beyond the edge.
  useEffect(() => {
    const link = nav.current?.querySelector<HTMLElement>(`[data-testid="${currentId}"]`)
    if (nav.current && link) nav.current.scrollLeft = link.offsetLeft - nav.current.clientWidth / 2
  }, [currentId])
  return (
    <nav ref={nav} aria-label={label} className="relative -mx-4 mb-3 overflow-x-auto px-4 sm:mx-0 sm:px-0">
      <ul className="flex w-max gap-1 py-1">
        {tabs.map(({ link, label: text, testId, isCurrent }) => (
          <li key={testId}>
            <Link
              {...link}
              activeOptions={EXACTLY}
              data-testid={testId}
              aria-current={isCurrent ? current : undefined}
              className="inline-flex min-h-11 items-center gap-2 rounded-full border border-transparent px-4 text-sm font-medium text-muted hover:bg-sunken hover:text-ink aria-[current]:border-edge aria-[current]:bg-surface aria-[current]:text-ink"
            >
              {text}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
