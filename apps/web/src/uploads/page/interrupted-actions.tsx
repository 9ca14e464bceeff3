import { type ChangeEvent, useRef, useState } from 'react'
import { useServices } from '../../hooks/use-services.ts'
import { humanBytes } from '../../human-bytes.ts'
import { Button } from '../../ui/button.tsx'
import type { UploadItem } from '../upload-item.ts'

interface InterruptedActionsProps {
  item: UploadItem
  onDiscard: () => void
}

/** Shows the buttons for an upload that a reload interrupted: continue with the same file, or discard it. */
export function InterruptedActions({ item, onDiscard }: InterruptedActionsProps) {
  const { engine } = useServices()
  const inputRef = useRef<HTMLInputElement>(null)
  const [isOther, setIsOther] = useState(false)
  const { name, byteSize } = item

  async function onChange({ currentTarget }: ChangeEvent<HTMLInputElement>): Promise<void> {
    const [file] = currentTarget.files ?? []
    if (!file) return
    setIsOther(false)
    const isSame = await engine.continueWith(item.id, file)
    // The input goes with the row's state.
    if (inputRef.current) inputRef.current.value = ''
    setIsOther(!isSame)
  }

  return (
    <div className="col-span-full mt-3 grid gap-2 sm:col-span-2 sm:col-start-2">
      {isOther && (
        <p role="alert" data-testid="continue-error" className="text-sm text-bad wrap-anywhere">
          This is another file, or it was changed. Choose “{name}” of {humanBytes(byteSize)} as it was.
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          look="secondary"
          data-testid="continue"
          aria-label={`Continue with ${name}`}
          onClick={() => inputRef.current?.click()}
        >
          Continue
        </Button>
        <Button look="quiet" data-testid="discard" aria-label={`Discard ${name}`} onClick={onDiscard}>
          Discard
        </Button>
      </div>
      <input
        ref={inputRef}
        type="file"
        onChange={onChange}
        data-testid="continue-input"
        aria-label={`The file ${name}`}
        tabIndex={-1}
        className="sr-only"
      />
    </div>
  )
}
