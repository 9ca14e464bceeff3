import { useEffect } from 'react'

/** Sets the title of the tab. */
export function useTitle(parts: readonly (string | null)[]): void {
  const title = [...parts, 'Darkroom'].filter(part => part !== null).join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
