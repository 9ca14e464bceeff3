import { Component, type ReactNode } from 'react'
import { Link } from 'wouter'
import { Button, buttonClass } from './button.tsx'

interface ErrorBoundaryProps {
  /** There is no other part to go back to. */
  isHome: boolean
  children: ReactNode
}

/** Keeps a part that broke, or whose code did not come, from taking the rest along: uploads go on around it. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError() {
    return { hasFailed: true }
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children
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
          {!this.props.isHome && (
            <Link href="/" className={buttonClass('secondary')}>
              Back to files
            </Link>
          )}
        </div>
      </section>
    )
  }
}
