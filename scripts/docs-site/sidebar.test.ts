import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { GROUPS, sidebar } from './sidebar.ts'

const DOCS = join(import.meta.dirname, '../../docs')

it('every page of docs/ is in the sidebar, once', () => {
  const pages = globSync(['*.md', '{api,how-to}/*.md', 'decisions/README.md'], { cwd: DOCS })
  expect(pages.length).toBeGreaterThan(30)
  expect(GROUPS.flatMap(group => group.pages).sort()).toEqual(pages.sort())
})

it('a page is called what its heading says', () => {
  const items = sidebar().flatMap(group => group.items)
  expect(items).toContainEqual({ text: 'Check an installation: darkroom doctor', link: '/doctor' })
  expect(items).toContainEqual({ text: 'Decisions', link: '/decisions/' })
  expect(items[0]?.link).toBe('/')
})
