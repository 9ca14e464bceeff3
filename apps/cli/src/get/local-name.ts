import { extname } from 'node:path'

/** Leaves room for an extension where names have at most 255 bytes. */
const MAX_STEM = 60

interface Named {
  id: string
  filename: string
}

/**
 * Returns a name for the file of an asset that is safe in any folder: others chose it. Never a path, hidden, what a command takes for
 * an option, or with characters that control a terminal or the direction of a line.
 */
export function localName({ id, filename }: Named, variant?: { name: string; url: string | null }): string {
  const last = filename.split(/[/\\]/).at(-1) ?? ''
  const safe = last
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"|?*]/gu, '_')
    .replace(/^[.\s-]+/, '')
    .replace(/[.\s]+$/, '')
  const extension = extname(safe)
  const stem = [...safe.slice(0, safe.length - extension.length)].slice(0, MAX_STEM).join('') || id
  if (variant === undefined) return `${stem}${[...extension].slice(0, 12).join('')}`
  return `${stem}-${variant.name}${variant.url === null ? '' : extname(new URL(variant.url).pathname)}`
}
