import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DOCS_PAGES } from './docs-link.tsx'

const DOCS = join(import.meta.dirname, '../../../../docs')

test.each(Object.values(DOCS_PAGES))('docs/%s is there', page => expect(existsSync(join(DOCS, page))).toBe(true))
