import { useRef, useState } from 'react'
import { Button } from './button.tsx'
import { CloseIcon, TrashIcon } from './icons.tsx'

interface RemoveButtonProps {
  name: string
  /** Deletes something that others may use, so it asks once more; else it just takes the file off the list. */
  isDeletion: boolean
  onRemove: () => void
}

/** Removes, after a second click where that deletes something published. */
export function RemoveButton({ name, isDeletion, onRemove }: RemoveButtonProps) {
  const [asking, setAsking] = useState(false)
  const wasAsked = useRef(false)

  function keep(): void {
    wasAsked.current = true
    setAsking(false)
  }

  const label = isDeletion ? `Delete ${name}` : `Remove ${name}`
  if (!asking) {
    return (
      <Button
        look="icon"
        ref={button => {
          if (wasAsked.current) button?.focus()
          wasAsked.current = false
        }}
        data-testid="remove"
        aria-label={label}
        title={isDeletion ? 'Delete' : 'Remove'}
        onClick={isDeletion ? () => setAsking(true) : onRemove}
      >
        {isDeletion ? <TrashIcon /> : <CloseIcon />}
      </Button>
    )
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape takes the question back, from either of its buttons.
    <span className="flex items-center gap-1" onKeyDown={event => event.key === 'Escape' && keep()}>
      <Button look="danger" data-testid="confirm-remove" aria-label={`Yes, delete ${name}`} onClick={onRemove}>
        Delete
      </Button>
      <Button look="quiet" data-testid="cancel-remove" onClick={keep} ref={focus}>
        Keep
      </Button>
    </span>
  )
}

/** The harmless answer takes the focus, so that a stray Enter deletes nothing. */
const focus = (button: HTMLButtonElement | null) => button?.focus()
