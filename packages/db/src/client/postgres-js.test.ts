import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { patch } from './postgres-js.ts'

// Its package does not export this file, so it is found beside its entry.
const entry = createRequire(import.meta.url).resolve('postgres')
const file = join(dirname(entry), '../../src/connection.js')

it('patches the installed version of postgres.js', () => {
  const patched = patch(readFileSync(file, 'utf8'))
  expect(patched).toMatch(/function nextWrite\(fn\) \{\s+if \(socket === null\)/)
  expect(patched).toContain("socket.on('error', () => undefined)\n    socket = null")
})

it('says so when it meets a version that it was not made for', () => {
  expect(() => patch('function nextWrite(fn, more) {')).toThrow('postgres.js has changed')
})

it('is asked for in exactly the version that is patched, by every package', () => {
  const root = join(import.meta.dirname, '../../../..')
  const manifests = globSync(['{apps,packages}/*/package.json', '{bench,chaos,e2e}/package.json'], { cwd: root })
  const asked = manifests.flatMap(manifest => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, manifest), 'utf8'))
    const range = { ...dependencies, ...devDependencies }.postgres
    return range === undefined ? [] : [range]
  })
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '../../package.json'), 'utf8'))
  expect(asked.length).toBeGreaterThan(3)
  expect(new Set(asked)).toEqual(new Set([version]))
})
