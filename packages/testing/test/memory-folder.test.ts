import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { memoryFolder } from '../src/index.ts'

const HERE = import.meta.dirname

it.each([
  ['in memory where there is room', 1, HERE, HERE],
  ['with the temporary files where a container has too little memory for it', 2 ** 60, HERE, tmpdir()],
  ['with the temporary files where there is no such folder', 1, join(HERE, 'nowhere'), tmpdir()],
])('keeps what a run needs %s', (_, leastFreeBytes, tmpfs, expected) => {
  expect(memoryFolder(leastFreeBytes, tmpfs)).toBe(expected)
})

it('has the temporary files of these tests in the folder of their run', () => {
  expect(tmpdir()).toBe(process.env.DARKROOM_TEST_TEMP)
  expect(tmpdir().startsWith(memoryFolder())).toBe(true)
})
