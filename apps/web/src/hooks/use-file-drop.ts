import { getDroppedFiles } from '@uppy/core/utils'
import { useEffect, useState } from 'react'

const hasFiles = (transfer: DataTransfer | null): transfer is DataTransfer => transfer?.types.includes('Files') ?? false

/** Tells whether the target is a field: what is pasted there is meant for it, also the images of a copied text. */
const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement

export interface FileDrop {
  /** Files are held over the page. */
  isOver: boolean
  /** What was wrong with the last drop, null where nothing was. */
  fault: string | null
}

/**
 * Makes the whole page a place to drop files and folders on, and to paste into. `onFiles` should be stable.
 * @param denial why files cannot be taken; then nothing is, and that is the fault of a drop
 */
export function useFileDrop(onFiles: (files: File[]) => void, denial: string | null): FileDrop {
  const [isOver, setIsOver] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  useEffect(() => {
    // The event fires for every element that the pointer crosses; as many leaves as enters mean that it left the page.
    let depth = 0
    const listeners = new AbortController()
    const { signal } = listeners

    function onDragEnter({ dataTransfer }: DragEvent): void {
      if (!hasFiles(dataTransfer)) return
      depth += 1
      setIsOver(denial === null)
    }
    function onDragLeave({ dataTransfer }: DragEvent): void {
      if (!hasFiles(dataTransfer)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setIsOver(false)
    }
    function onDragOver(event: DragEvent): void {
      if (!hasFiles(event.dataTransfer)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = denial === null ? 'copy' : 'none'
    }
    function onDrop(event: DragEvent): void {
      if (!hasFiles(event.dataTransfer)) return
      event.preventDefault()
      depth = 0
      setIsOver(false)
      if (denial === null) void take(event.dataTransfer)
      else setFault(denial)
    }
    async function take(transfer: DataTransfer): Promise<void> {
      let unreadable = 0
      const logDropError = () => {
        unreadable += 1
      }
      const files = await getDroppedFiles(transfer, { logDropError })
      setFault(faultOf(files.length, unreadable))
      if (files.length > 0) onFiles(files)
    }
    function onPaste({ clipboardData, target }: ClipboardEvent): void {
      if (isField(target) || denial !== null) return
      const files = [...(clipboardData?.files ?? [])]
      if (files.length > 0) onFiles(files)
    }

    window.addEventListener('dragenter', onDragEnter, { signal })
    window.addEventListener('dragleave', onDragLeave, { signal })
    window.addEventListener('dragover', onDragOver, { signal })
    window.addEventListener('drop', onDrop, { signal })
    window.addEventListener('paste', onPaste, { signal })
    return () => listeners.abort()
  }, [onFiles, denial])
  return { isOver, fault }
}

function faultOf(fileCount: number, unreadable: number): string | null {
  if (unreadable > 0)
    return 'Some of the dropped files could not be read. Check that you can open them, then drop them again.'
  return fileCount === 0 ? 'What you dropped contains no file.' : null
}
