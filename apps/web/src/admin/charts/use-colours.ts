import { type RefObject, useEffect, useState } from 'react'

export interface Colours {
  text: string
  grid: string
  /** The colour that a class such as `text-accent` gives. */
  of: (className: string) => string
}

/** Reads the colours of the theme as a canvas needs them, and again whenever the theme changes. */
export function useColours(near: RefObject<HTMLElement | null>): Colours | null {
  const [colours, setColours] = useState<Colours | null>(null)
  useEffect(() => {
    const read = () => near.current && setColours(coloursAt(near.current))
    read()
    const scheme = window.matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', read)
    const choice = new MutationObserver(read)
    choice.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      scheme.removeEventListener('change', read)
      choice.disconnect()
    }
  }, [near])
  return colours
}

function coloursAt(place: HTMLElement): Colours {
  const of = (className: string): string => {
    const probe = document.createElement('span')
    probe.className = className
    place.append(probe)
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }
  return { text: of('text-muted'), grid: of('text-line'), of }
}
