import type { ComponentProps } from 'react'
import { Link as RouterLink } from 'wouter'

/** Renders a link to another address of this page. The browser handles clicks that open a new tab or window. */
export const Link = ({ href, ...props }: ComponentProps<'a'> & { href: string }) => (
  <RouterLink href={href} {...props} />
)
