import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { Dialog } from './dialog.tsx'

export interface Secret {
  /** What it is: `The key “web shop”`. */
  title: string
  /** What it is for. */
  note: string
  /** Null when the answer that had it was lost on the way. */
  value: string | null
}

interface SecretDialogProps {
  secret: Secret
  onClose: () => void
}

/** Shows a secret, this once. */
export function SecretDialog({ secret: { title, note, value }, onClose }: SecretDialogProps) {
  return (
    <Dialog title={title} testId="secret-dialog" onClose={onClose} isKept>
      {close => (
        <>
          <p className="mt-2 text-sm text-muted text-pretty">
            {value === null
              ? 'It was created, but the response with the secret was lost. Rotate it to get a new secret.'
              : `${note} It is shown only once: copy it now.`}
          </p>
          {value !== null && (
            <p
              data-testid="secret"
              className="mt-4 rounded-xl border border-edge bg-paper p-4 font-mono text-sm select-all wrap-anywhere"
            >
              {value}
            </p>
          )}
          <div className="mt-4 flex flex-wrap items-center gap-2">
            <Button look="primary" data-autofocus data-testid="secret-done" onClick={close}>
              Done
            </Button>
            {value !== null && <CopyButton text={value} label="Copy" detail="the secret" testId="copy-secret" />}
          </div>
        </>
      )}
    </Dialog>
  )
}
