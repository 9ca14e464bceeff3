import { Link, type LinkProps } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'

interface PageTitleProps {
  children: ReactNode
  /** The page that this one was reached from. */
  back?: { link: LinkProps; label: string }
  /** At the right end of its line. */
  actions?: ReactNode
  /** A name that may be long and has no spaces, such as a URL. */
  isLong?: boolean
}

/** Shows the heading of a page. It takes the focus from a link that is gone, so that screen readers start here. */
export function PageTitle({ children, back, actions, isLong = false }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div className="mb-4">
      {back && (
        <Link
          {...back.link}
          className="-ml-3 inline-flex min-h-11 items-center rounded-full px-3 text-sm font-medium text-muted hover:bg-sunken hover:text-ink"
        >
          ← {back.label}
        </Link>
      )}
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <h1
          ref={heading}
          tabIndex={-1}
          className={`min-w-0 font-semibold tracking-tight wrap-anywhere outline-none ${isLong ? 'text-xl' : 'text-3xl'}`}
        >
          {children}
        </h1>
        {actions}
      </div>
    </div>
  )
}
