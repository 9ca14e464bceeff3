import { Link, useLocation } from '@tanstack/react-router'
import { Button, buttonClass } from './button.tsx'

/** Shows that a page broke, or that its code did not come. It does not take the rest along: uploads go on around it. */
export function PartError() {
  const isHome = useLocation({ select: ({ pathname }) => pathname === '/' })
  return (
    <section role="alert" data-testid="part-error" className="mx-auto max-w-md py-16 text-center">
      <h1 className="text-2xl font-semibold tracking-tight">This part of the page failed</h1>
      <p className="mt-3 text-muted text-pretty">
        Reloading the page may help. The browser asks first if files are being uploaded.
      </p>
      <div className="mt-6 flex flex-wrap justify-center gap-3">
        <Button look="primary" onClick={() => window.location.reload()}>
          Reload
        </Button>
        {!isHome && (
          <Link to="/" className={buttonClass('secondary')}>
            Back to files
          </Link>
        )}
      </div>
    </section>
  )
}
