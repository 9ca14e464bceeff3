import { Button } from './button.tsx'
import { InlineConfirm } from './inline-confirm.tsx'

interface ConfirmButtonProps {
  children: string
  /** Goes on where the text ends, for screen readers: `the work on cat.jpg`. */
  detail: string
  /** On the button that does it. */
  confirmLabel: string
  disabled?: boolean
  look?: 'quiet' | 'secondary'
  testId?: string
  onConfirm: () => void
}

/** Shows a text button that asks for confirmation. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { children, detail, confirmLabel, disabled, look = 'quiet', testId, onConfirm } = props
  const action = `${children} ${detail}`
  return (
    <InlineConfirm
      confirm={{ label: confirmLabel, ariaLabel: `${confirmLabel}: ${action}`, testId: testId && `confirm-${testId}` }}
      back={{ label: 'Back' }}
      onConfirm={onConfirm}
    >
      {(ask, ref) => (
        <Button look={look} data-testid={testId} aria-label={action} disabled={disabled} onClick={ask} ref={ref}>
          {children}
        </Button>
      )}
    </InlineConfirm>
  )
}
