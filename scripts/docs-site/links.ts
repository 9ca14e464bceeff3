import { posix } from 'node:path'

const REPOSITORY = 'https://github.com/darkroom-media/darkroom/blob/main'

/** Returns the anchor of a heading as GitHub names it, so that one link is right there and on the site. */
export function githubAnchor(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\-_ ]/gu, '')
    .replaceAll(' ', '-')
}

/**
 * Turns the link of a document, which is right on GitHub, into that of its page on the site. What is not below docs/ is on
 * GitHub alone; a README.md is the index of its folder.
 * @param page path of the document, relative to docs/
 */
export function siteLink(link: string, page: string): string {
  if (/^([a-z]+:|#|\/)/.test(link)) return link
  const [path = '', anchor] = link.split('#')
  const target = posix.join('docs', posix.dirname(page), path)
  const hash = anchor === undefined ? '' : `#${anchor}`
  if (!target.startsWith('docs/')) return `${REPOSITORY}/${target}${hash}`
  return path.replace(/(^|\/)README\.md$/, '$1index.md') + hash
}
