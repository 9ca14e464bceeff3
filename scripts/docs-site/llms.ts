import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GROUPS, sidebar } from './sidebar.ts'

const DOCS = join(import.meta.dirname, '../../docs')
const SUMMARY =
  'An open media pipeline: presigned uploads in, thumbnails and variants behind CDN URLs out. It runs on Postgres, an S3-compatible store such as Backblaze B2 and, if you want, Redis.'

/**
 * Formats llms.txt (llmstxt.org), the index of the site for language models: each page with its title and its path.
 * @param base path of the site on its host, with a slash at both ends
 */
export function llmsIndex(base: string): string {
  const groups = sidebar().map(({ text, items }) => {
    const lines = items.map(item => `- [${item.text}](${base}${fileOf(item.link)})`)
    return `## ${text}\n\n${lines.join('\n')}`
  })
  return `${['# Darkroom', `> ${SUMMARY}`, ...groups].join('\n\n')}\n`
}

/** Joins all pages of the sidebar into one text, llms-full.txt. Their links stay those of the documents. */
export function llmsFull(): string {
  const texts = GROUPS.flatMap(({ pages }) => pages).map(page => readFileSync(join(DOCS, page), 'utf8'))
  return `${texts.map(text => text.replace(/<!--[\s\S]*?-->\n*/g, '').trim()).join('\n\n---\n\n')}\n`
}

/** Returns the file of a page, `/doctor` and `/decisions/`, without the leading slash. */
const fileOf = (link: string): string => `${link.endsWith('/') ? `${link}index` : link}.html`.slice(1)
