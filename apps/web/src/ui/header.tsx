import type { ServiceStatus } from '@darkroom/contracts'
import { Link } from 'wouter'
import { Button, buttonClass } from './button.tsx'
import { ConfirmButton } from './confirm-button.tsx'
import { Mark } from './mark.tsx'

interface HeaderProps {
  /** Null while the service does not answer. */
  status: ServiceStatus | null
  /** An admin page is open. */
  isAdmin: boolean
  /** How many files are on their way; with the key, that ends. */
  underWay: number
  /** Given when there is a key that can be forgotten. */
  onForgetKey: (() => void) | null
}

export function Header({ status, isAdmin, underWay, onForgetKey }: HeaderProps) {
  const uploads = underWay === 1 ? '1 upload' : `${underWay} uploads`
  return (
    <header className="mx-auto flex max-w-5xl items-center justify-between px-4 py-4 sm:px-8 sm:py-6">
      <Link href="/" className="flex min-h-11 items-center gap-3 rounded-lg text-lg font-semibold tracking-tight">
        <Mark />
        {/* With a key to change there is no room for the word on a phone. */}
        <span className={onForgetKey ? 'max-sm:sr-only' : ''}>Darkroom</span>
      </Link>
      <nav aria-label="Main" className="flex flex-wrap items-center justify-end gap-1">
        {status?.mode === 'local' && (
          <span className="hidden items-center gap-2 px-3 text-sm text-muted sm:inline-flex">
            <span className="size-2 rounded-full bg-good" aria-hidden="true" />
            Local mode
          </span>
        )}
        {onForgetKey && underWay > 0 && (
          <ConfirmButton
            detail={`and stop ${uploads}`}
            confirmLabel={`Stop ${uploads}`}
            testId="change-key"
            onConfirm={onForgetKey}
          >
            Change key
          </ConfirmButton>
        )}
        {onForgetKey && underWay === 0 && (
          <Button look="quiet" data-testid="change-key" onClick={onForgetKey}>
            Change key
          </Button>
        )}
        <Link
          href="/admin"
          aria-current={isAdmin ? 'page' : undefined}
          className={`${buttonClass('quiet')} aria-[current]:text-ink`}
        >
          Admin
        </Link>
        <a href="/docs" className={buttonClass('quiet')}>
          API docs
        </a>
      </nav>
    </header>
  )
}
