import type { ComponentProps } from 'react'

const BASE =
  'inline-flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-full text-sm font-medium whitespace-nowrap transition-colors disabled:opacity-50'

const LOOKS = {
  primary: 'bg-accent px-6 text-on-accent hover:bg-accent-strong',
  secondary: 'border border-edge px-5 text-ink hover:bg-sunken',
  quiet: 'px-3 text-muted hover:bg-sunken hover:text-ink',
  danger: 'bg-bad px-4 text-on-accent hover:opacity-90',
  icon: 'text-muted hover:bg-sunken hover:text-ink',
}

type Look = keyof typeof LOOKS

/** Returns the classes of a button for an element that has to be a link. */
export const buttonClass = (look: Look) => `${BASE} ${LOOKS[look]}`

export function Button({ look, className = '', ...props }: ComponentProps<'button'> & { look: Look }) {
  return <button type="button" className={`${buttonClass(look)} ${className}`} {...props} />
}
