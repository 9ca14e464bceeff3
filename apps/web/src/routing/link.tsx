import type { ComponentProps, MouseEvent } from 'react'
import { navigate } from './location.ts'

/** A link to another place of this page. What opens a new tab or window is left to the browser. */
export function Link({ href, onClick, ...props }: ComponentProps<'a'> & { href: string }) {
  function follow(event: MouseEvent<HTMLAnchorElement>): void {
    onClick?.(event)
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
    if (event.defaultPrevented || !isPlain) return
    event.preventDefault()
    navigate(href)
  }
  return <a href={href} onClick={follow} {...props} />
}
