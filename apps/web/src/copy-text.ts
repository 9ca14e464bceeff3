/** Puts text on the clipboard; false when the browser lets us do it neither the new way nor the old. */
export async function copyText(text: string): Promise<boolean> {
  // The clipboard API is missing on plain http, and may be refused by policy.
  const copied = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  )
  return copied || copyThroughSelection(text)
}

function copyThroughSelection(text: string): boolean {
  const field = document.createElement('textarea')
  field.value = text
  field.readOnly = true
  field.style.cssText = 'position:fixed;inset:0 auto auto 0;opacity:0'
  const focused = document.activeElement
  // Inside an open dialog only the dialog's own content may take the focus.
  const host = focused?.closest('dialog') ?? document.body
  host.append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return copied
}
