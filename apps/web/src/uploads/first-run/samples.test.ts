import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { SAMPLES } from './samples.ts'

const FOLDER = join(import.meta.dirname, '../../../public/samples')

it.each(SAMPLES)('$name is in the page, small, and as large as is said', ({ name, byteSize }) => {
  expect(statSync(join(FOLDER, name)).size).toBe(byteSize)
  expect(byteSize).toBeLessThan(150_000)
})
