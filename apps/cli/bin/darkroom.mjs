#!/usr/bin/env node
// The services need Node >= 24. An older Node on the PATH hands over to the one that the repository installs.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const pinnedNode = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url))

// What was compiled once is not compiled again; where it cannot be kept, nothing is lost but time.
const compiled = fileURLToPath(new URL('../../../node_modules/.cache/node', import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= 24 || !existsSync(pinnedNode)) {
  module.enableCompileCache?.(compiled)
  await import(main)
} else {
  const { status } = spawnSync(pinnedNode, [main, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: compiled, ...process.env },
  })
  process.exit(status ?? 1)
}
