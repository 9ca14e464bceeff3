import { type ChangeEvent, useCallback, useRef } from 'react'

/** Opens the picker of a file input, also for somebody who wants to know whether anything was chosen. */
export function useFilePicker(onFiles: (files: File[]) => void) {
  const inputRef = useRef<HTMLInputElement>(null)
  const onChosen = useRef<(() => void) | null>(null)

  const pick = useCallback((whenChosen: (() => void) | null = null) => {
    const forget = () => {
      onChosen.current = null
    }
    onChosen.current = whenChosen
    inputRef.current?.addEventListener('cancel', forget, { once: true })
    inputRef.current?.click()
  }, [])

  function onChange({ currentTarget }: ChangeEvent<HTMLInputElement>): void {
    const files = [...(currentTarget.files ?? [])]
    // So that picking the same file again is a change again.
    currentTarget.value = ''
    if (files.length === 0) return
    onFiles(files)
    onChosen.current?.()
    onChosen.current = null
  }
  return { inputRef, pick, onChange }
}
