import type { ComponentProps } from 'react'
import { Link as RouterLink } from 'wouter'

/** A link to another place of this page. What opens a new tab or window is left to the browser. */
export const Link = ({ href, ...props }: ComponentProps<'a'> & { href: string }) => (
  <RouterLink href={href} {...props} />
)
