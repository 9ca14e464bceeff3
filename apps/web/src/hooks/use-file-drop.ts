import { getDroppedFiles } from '@uppy/core/utils'
import { useEffect, useState } from 'react'

const hasFiles = (transfer: DataTransfer | null): transfer is DataTransfer => transfer?.types.includes('Files') ?? false

/**
 * Makes the whole page a place to drop files and folders on, and to paste into. Returns whether files are over it.
 * `onFiles` must be stable.
 */
export function useFileDrop(onFiles: (files: File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    // The event fires for every element that the pointer crosses; as many leaves as enters mean that it left the page.
    let depth = 0
    const listeners = new AbortController()
    const { signal } = listeners

    function onDragEnter({ dataTransfer }: DragEvent): void {
      if (!hasFiles(dataTransfer)) return
      depth += 1
      setIsOver(true)
    }
    function onDragLeave({ dataTransfer }: DragEvent): void {
      if (!hasFiles(dataTransfer)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setIsOver(false)
    }
    function onDragOver(event: DragEvent): void {
      if (!hasFiles(event.dataTransfer)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
    }
    function onDrop(event: DragEvent): void {
      if (!hasFiles(event.dataTransfer)) return
      event.preventDefault()
      depth = 0
      setIsOver(false)
      void getDroppedFiles(event.dataTransfer).then(onFiles)
    }
    function onPaste({ clipboardData }: ClipboardEvent): void {
      const files = [...(clipboardData?.files ?? [])]
      if (files.length > 0) onFiles(files)
    }

    window.addEventListener('dragenter', onDragEnter, { signal })
    window.addEventListener('dragleave', onDragLeave, { signal })
    window.addEventListener('dragover', onDragOver, { signal })
    window.addEventListener('drop', onDrop, { signal })
    window.addEventListener('paste', onPaste, { signal })
    return () => listeners.abort()
  }, [onFiles])
  return isOver
}
