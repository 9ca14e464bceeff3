import type { ServiceStatus } from '@darkroom/contracts'
import { type ChangeEvent, type RefObject, useRef } from 'react'
import { acceptAttribute } from '../../media-format.ts'
import { Button } from '../../ui/button.tsx'
import { CameraIcon } from '../../ui/icons.tsx'
import { Viewfinder } from '../../ui/viewfinder.tsx'
import { AcceptedFormats } from './accepted-formats.tsx'

interface DropzoneProps {
  status: ServiceStatus | null
  /** Files are held over the page. */
  isOver: boolean
  compact: boolean
  /** The file input, whose picker others open as well. */
  inputRef: RefObject<HTMLInputElement | null>
  onPick: () => void
  onChange: (event: ChangeEvent<HTMLInputElement>) => void
}

/** Shows the drop zone: drop, pick, or paste. The whole page accepts drops. */
export function Dropzone({ status, isOver, compact, inputRef, onPick, onChange }: DropzoneProps) {
  const folderRef = useRef<HTMLInputElement | null>(null)
  const cameraRef = useRef<HTMLInputElement>(null)

  return (
    <section
      data-testid="dropzone"
      data-over={isOver || undefined}
      aria-labelledby="dropzone-title"
      className={`group relative rounded-3xl border border-line bg-surface px-6 text-center shadow-card transition-[padding,background-color] duration-300 data-over:bg-accent-soft ${compact ? 'py-10' : 'py-16 sm:py-24'}`}
    >
      <Viewfinder />
      <h1
        id="dropzone-title"
        className={`font-semibold tracking-tight text-balance ${compact ? 'text-2xl sm:text-3xl' : 'text-3xl sm:text-4xl'}`}
      >
        {isOver ? 'Release to upload' : 'Drop your files'}
      </h1>
      <p className="mx-auto mt-3 max-w-md text-muted text-pretty">
        {compact
          ? 'Anywhere on this page, or paste them.'
          : 'Anywhere on this page: photos, videos, audio, documents. You get every size with a link that is ready to use.'}
      </p>
      <div className="mt-7 flex flex-wrap justify-center gap-3">
        <Button look="primary" onClick={onPick}>
          Choose files
        </Button>
        <Button look="secondary" onClick={() => folderRef.current?.click()} className="hidden pointer-fine:inline-flex">
          Choose a folder
        </Button>
        {/* Where fingers point, there is a camera. */}
        <Button
          look="secondary"
          data-testid="open-camera"
          onClick={() => cameraRef.current?.click()}
          className="hidden pointer-coarse:inline-flex"
        >
          <CameraIcon />
          Take a photo
        </Button>
      </div>
      <div className="mt-4 min-h-11 text-sm text-muted">{status && <AcceptedFormats {...status} />}</div>
      <input
        ref={inputRef}
        type="file"
        multiple
        accept={status ? acceptAttribute(status.accepts) : undefined}
        onChange={onChange}
        data-testid="file-input"
        aria-label="Files to upload"
        tabIndex={-1}
        className="sr-only"
      />
      <input
        ref={input => {
          folderRef.current = input
          // React's types do not know the attribute.
          if (input) input.webkitdirectory = true
        }}
        type="file"
        onChange={onChange}
        aria-label="Folder to upload"
        tabIndex={-1}
        className="sr-only"
      />
      <input
        ref={cameraRef}
        type="file"
        accept="image/*"
        capture="environment"
        onChange={onChange}
        data-testid="camera-input"
        aria-label="Photo from the camera"
        tabIndex={-1}
        className="sr-only"
      />
    </section>
  )
}
