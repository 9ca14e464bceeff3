import { type RefObject, useEffect } from 'react'

/**
 * Catches the focus when what had it goes away, such as the button of a job that leaves the list: it moves to the heading
 * (`data-focus-home`) of the part (`data-keeps-focus`) that it was in. Browsers would send it to the top of the page.
 */
export function useFocusKeeper(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = root.current
    if (!element) return
    let focused: Element | null = null
    let part: Element | null = null

    function onFocusIn({ target }: FocusEvent): void {
      if (!(target instanceof Element)) return
      focused = target
      part = target.closest('[data-keeps-focus]')
    }
    const observer = new MutationObserver(() => {
      if (!focused || focused.isConnected || document.activeElement !== document.body) return
      focused = null
      part?.querySelector<HTMLElement>('[data-focus-home]')?.focus({ preventScroll: true })
    })
    element.addEventListener('focusin', onFocusIn)
    observer.observe(element, { childList: true, subtree: true })
    return () => {
      element.removeEventListener('focusin', onFocusIn)
      observer.disconnect()
    }
  }, [root])
}
