import { useEffect } from 'react'

/** Names the tab after what is going on in it. */
export function useTitle(parts: readonly (string | null)[]): void {
  const title = [...parts, 'Darkroom'].filter(part => part !== null).join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
