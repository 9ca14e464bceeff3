import { expect, it } from 'vitest'
import { llmsFull, llmsIndex } from './llms.ts'
import { GROUPS } from './sidebar.ts'

it('the index names every page, with its path below the base of the site', () => {
  const links = [...llmsIndex('/darkroom/').matchAll(/^- \[(.+)\]\((.+)\)$/gm)].map(([, title, path]) => ({
    title,
    path,
  }))
  expect(links).toHaveLength(GROUPS.flatMap(({ pages }) => pages).length)
  expect(links[0]).toEqual({ title: 'Start in two minutes', path: '/darkroom/index.html' })
  expect(links).toContainEqual({ title: 'Errors', path: '/darkroom/errors.html' })
  expect(links).toContainEqual({ title: 'Decisions', path: '/darkroom/decisions/index.html' })
})

it('the full text has the pages in their order, without the marks of the generator', () => {
  const text = llmsFull()
  expect(text.startsWith('# Start in two minutes\n')).toBe(true)
  expect(text.indexOf('\n# Troubleshooting by symptom\n')).toBeGreaterThan(text.indexOf('\n# Architecture\n'))
  expect(text).toContain('\n## UNSUPPORTED_TYPE\n')
  expect(text).not.toContain('<!--')
})
