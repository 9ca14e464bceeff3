import { Link, useLocation } from '@tanstack/react-router'
import { buttonClass } from './button.tsx'

/** Shows a page for an unknown address. */
export function NotFound() {
  const path = useLocation({ select: ({ pathname }) => pathname })
  return (
    <section data-testid="not-found" className="mx-auto max-w-md py-16 text-center">
      <h1 className="text-2xl font-semibold tracking-tight">Page not found</h1>
      <p className="mt-3 text-muted text-pretty">
        There is no page at <code className="font-mono text-sm wrap-anywhere">{path}</code>. Your files and the library
        are on the first page.
      </p>
      <div className="mt-6 flex flex-wrap justify-center gap-3">
        <Link to="/" className={buttonClass('primary')}>
          Go to your files
        </Link>
        <Link to="/operations" className={buttonClass('secondary')}>
          Operations
        </Link>
        <a href="/docs" className={buttonClass('secondary')}>
          API docs
        </a>
      </div>
    </section>
  )
}
