import { Button } from '../../ui/button.tsx'
import { CloseIcon, TrashIcon } from '../../ui/icons.tsx'
import { InlineConfirm } from '../../ui/inline-confirm.tsx'

interface RemoveButtonProps {
  name: string
  /** Deletes something that others may use, so it asks once more; else it just takes the file off the list. */
  isDeletion: boolean
  onRemove: () => void
}

/** Removes, after a second click where that deletes something published. */
export function RemoveButton({ name, isDeletion, onRemove }: RemoveButtonProps) {
  return (
    <InlineConfirm
      confirm={{ label: 'Delete', ariaLabel: `Yes, delete ${name}`, testId: 'confirm-remove' }}
      back={{ label: 'Keep', testId: 'cancel-remove' }}
      onConfirm={onRemove}
    >
      {(ask, ref) => (
        <Button
          look="icon"
          ref={ref}
          data-testid="remove"
          aria-label={isDeletion ? `Delete ${name}` : `Remove ${name}`}
          title={isDeletion ? 'Delete' : 'Remove'}
          onClick={isDeletion ? ask : onRemove}
        >
          {isDeletion ? <TrashIcon /> : <CloseIcon />}
        </Button>
      )}
    </InlineConfirm>
  )
}
