import { type ChangeEvent, useRef, useState } from 'react'
import { useServices } from '../../hooks/use-services.ts'
import { humanBytes } from '../../human-bytes.ts'
import { Button } from '../../ui/button.tsx'
import { isSameFile } from '../file-identity.ts'
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
  const { name, byteSize, remembered } = item

  async function onChange({ currentTarget }: ChangeEvent<HTMLInputElement>): Promise<void> {
    const [file] = currentTarget.files ?? []
    if (!file || !remembered) return
    setIsOther(false)
    const isSame = await isSameFile(remembered, file).catch(() => false)
    currentTarget.value = ''
    if (isSame) engine.continueWith(item.id, file)
    else setIsOther(true)
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
