import { type ReactNode, useRef, useState } from 'react'
import { Button } from './button.tsx'

interface InlineConfirmProps {
  /** The button that asks; `ask` shows the question, and `ref` brings the focus back after it. */
  children: (ask: () => void, ref: (button: HTMLButtonElement | null) => void) => ReactNode
  confirm: { label: string; ariaLabel: string; testId?: string | undefined }
  back: { label: string; testId?: string }
  onConfirm: () => void
}

/** Shows a button that asks for confirmation in its place. Escape cancels. */
export function InlineConfirm({ children, confirm, back, onConfirm }: InlineConfirmProps) {
  const [isAsking, setAsking] = useState(false)
  const wasAsked = useRef(false)

  function close(): void {
    wasAsked.current = true
    setAsking(false)
  }

  if (!isAsking) {
    return children(
      () => setAsking(true),
      button => {
        if (wasAsked.current) button?.focus()
        wasAsked.current = false
      },
    )
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape takes the question back, from either of its buttons.
    <span className="inline-flex items-center gap-1" onKeyDown={event => event.key === 'Escape' && close()}>
      <Button
        look="danger"
        data-testid={confirm.testId}
        aria-label={confirm.ariaLabel}
        onClick={() => {
          close()
          onConfirm()
        }}
      >
        {confirm.label}
      </Button>
      <Button look="quiet" data-testid={back.testId} onClick={close} ref={focus}>
        {back.label}
      </Button>
    </span>
  )
}

/** Focuses the harmless answer, so that an accidental Enter does nothing. */
const focus = (button: HTMLButtonElement | null) => button?.focus()
