import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { githubAnchor } from './docs-site/links.ts'

// A comment may send its reader to a document of this repository, and a document to a source file of it, and to no other.

const ROOT = join(import.meta.dirname, '..')
const SOURCES = globSync('{apps,packages,bench,chaos,e2e,scripts}/**/*.{ts,tsx,mjs}', {
  cwd: ROOT,
  exclude: path => /(^|\/)(node_modules|dist)(\/|$)/.test(String(path)),
})

const DOCUMENTS = globSync(['{apps,packages,bench,chaos,e2e,docs}/**/*.md', '*.md'], {
  cwd: ROOT,
  exclude: path => /(^|\/)(node_modules|dist)(\/|$)/.test(String(path)),
})

const COMMENT = /^\s*(?:\/\*\*?|\*|\/\/).*|\s\/\/ .*/gm
const DOCUMENT = /[\w./-]+\.md\b/g
const DECISION = /docs\/decisions\/(\d{4})\b(?!-)/g

/** With its path from the root. */
const SOURCE = /`((?:apps|packages|bench|chaos|e2e|scripts)\/[\w./-]+\.(?:tsx?|mjs|sql))`/g

const URLS = /https?:\/\/\S+/g

const commentsOf = (file: string): string =>
  (readFileSync(join(ROOT, file), 'utf8').match(COMMENT) ?? []).join('\n').replace(URLS, '')

/** From the root, or beside the file or above it, as a README is. */
function isThere(file: string, name: string): boolean {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(ROOT, folder, name))) return true
    if (folder === '.') return false
  }
}

describe('comments name', () => {
  it('only documents that are there', () => {
    expect(SOURCES.length).toBeGreaterThan(500)
    const named = SOURCES.flatMap(file => (commentsOf(file).match(DOCUMENT) ?? []).map(name => ({ file, name })))
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter(({ file, name }) => !isThere(file, name))).toEqual([])
  })

  it('only decisions that are there', () => {
    const decisions = readdirSync(join(ROOT, 'docs/decisions')).map(name => name.slice(0, 4))
    const named = SOURCES.flatMap(file => [...commentsOf(file).matchAll(DECISION)].map(([, number]) => number))
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter(number => !decisions.includes(number ?? ''))).toEqual([])
  })
})

it('a document names only source files that are there', () => {
  const named = DOCUMENTS.flatMap(file =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(SOURCE)].map(([, name = '']) => ({ file, name })),
  )
  expect(named.length).toBeGreaterThan(50)
  expect(named.filter(({ name }) => !existsSync(join(ROOT, name)))).toEqual([])
})

describe('links of documents', () => {
  it('lead to files and headings that are there', () => {
    const links = DOCUMENTS.flatMap(linksOf)
    expect(links.filter(({ anchor }) => anchor).length).toBeGreaterThan(10)
    expect(links.filter(link => !isTarget(link)).map(({ file, link }) => `${file}: ${link}`)).toEqual([])
  })

  it('are found broken: a file that is not there, and a heading that is not', () => {
    expect(isTarget({ target: 'docs/nowhere.md', anchor: '' })).toBe(false)
    expect(isTarget({ target: 'docs/security.md', anchor: 'nowhere' })).toBe(false)
    expect(isTarget({ target: 'docs/security.md', anchor: 'what-is-trusted' })).toBe(true)
  })
})

const withoutListings = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '')

/** Returns the relative links of a document, each with its path from the root and its anchor. */
function linksOf(file: string): { file: string; link: string; target: string; anchor: string }[] {
  const text = withoutListings(readFileSync(join(ROOT, file), 'utf8'))
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter(link => !/^[a-z]+:/.test(link))
    .map(link => {
      const [path = '', anchor = ''] = link.split('#')
      return { file, link, target: path === '' ? file : join(dirname(file), path), anchor }
    })
}

/** Whether the file is there and has the heading, as GitHub names it in an anchor. */
function isTarget({ target, anchor }: { target: string; anchor: string }): boolean {
  if (!existsSync(join(ROOT, target))) return false
  return anchor === '' || !target.endsWith('.md') || headingsOf(target).includes(anchor)
}

function headingsOf(file: string): string[] {
  const headings = withoutListings(readFileSync(join(ROOT, file), 'utf8')).matchAll(/^#+ (.+)$/gm)
  return [...headings].map(([, heading = '']) => githubAnchor(heading))
}
