import { useRef, useState } from 'react'
import { Button } from '../../components/button.tsx'

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

/** A button that asks once more. Escape takes the question back. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { children, detail, confirmLabel, disabled, look = 'quiet', testId, onConfirm } = props
  const [isAsking, setAsking] = useState(false)
  const wasAsked = useRef(false)
  const action = `${children} ${detail}`

  function close(): void {
    wasAsked.current = true
    setAsking(false)
  }

  if (!isAsking) {
    return (
      <Button
        look={look}
        data-testid={testId}
        aria-label={action}
        disabled={disabled}
        onClick={() => setAsking(true)}
        ref={button => {
          if (wasAsked.current) button?.focus()
          wasAsked.current = false
        }}
      >
        {children}
      </Button>
    )
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape takes the question back, from either of its buttons.
    <span className="inline-flex items-center gap-1" onKeyDown={event => event.key === 'Escape' && close()}>
      <Button
        look="danger"
        data-testid={testId && `confirm-${testId}`}
        aria-label={`${confirmLabel}: ${action}`}
        onClick={() => {
          close()
          onConfirm()
        }}
      >
        {confirmLabel}
      </Button>
      <Button look="quiet" onClick={close} ref={focus}>
        Back
      </Button>
    </span>
  )
}

/** The harmless answer takes the focus, so that a stray Enter does nothing. */
const focus = (button: HTMLButtonElement | null) => button?.focus()
