import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { COMPILE_CACHE } from '@darkroom/testing'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../src/commands.ts'
import { createProgram } from '../src/program.ts'

/** A command and all below it that do something. */
const leavesOf = (command: Command, path: string): { command: Command; path: string }[] =>
  command.commands.length === 0
    ? [{ command, path }]
    : command.commands.flatMap(each => leavesOf(each, `${path} ${each.name()}`))

const helpOf = (command: Command): string => {
  let text = ''
  command.configureOutput({ writeOut: part => (text += part) })
  command.outputHelp()
  return text
}

async function load(...args: string[]): Promise<Command> {
  const command = (await createProgram(args)).commands.find(each => each.name() === args[0])
  if (!command) throw new Error(`there is no command ${args[0]}`)
  return command
}

describe.each(Object.keys(COMMANDS))('darkroom %s', name => {
  it('says in its help what each of its commands does, with an example of that very command', async () => {
    for (const { command, path } of leavesOf(await load(name), name)) {
      expect(command.description(), path).not.toBe('')
      const [, example = ''] = /\nExample:\n {2}\$ npx darkroom (.+)/.exec(helpOf(command)) ?? []
      expect(example, path).toMatch(new RegExp(`^${path}( |$)`))
      const options = [...example.matchAll(/ (--[a-z0-9-]+)/g)].map(([, option]) => option)
      const known = [...command.options.map(({ long }) => long), '--profile']
      expect(known, path).toEqual(expect.arrayContaining(options))
    }
  })
})

const NEEDING = Object.entries(COMMANDS).flatMap(([name, { needs }]) => (needs ? [[name, needs] as const] : []))

it.each(NEEDING)('says of each command of darkroom %s that it uses the %s, and not the API', async name => {
  const program = await load(name)
  for (const { command, path } of leavesOf(program, name)) expect(helpOf(command), path).toContain('not the API')
})

it('has a help of its own for the import of a bucket, which needs the database', async () => {
  const help = helpOf(await load('import', '--bucket', 'old-photos'))
  expect(help).toMatch(/--prefix <prefix>[\s\S]*not the API/)
  expect(helpOf(await load('import'))).not.toContain('--prefix')
})

it.each([
  ['help', ['--help']],
  ['a table', ['cost']],
])('ends without an error when nobody reads its output any more: %s', async (_title, args) => {
  const main = join(import.meta.dirname, '../src/main.ts')
  const child = spawn(process.execPath, [main, ...args], { env: { PATH: process.env.PATH, ...COMPILE_CACHE } })
  // Long before it has loaded and writes.
  child.stdout.destroy()
  let said = ''
  child.stderr.on('data', chunk => (said += chunk))
  expect([...(await once(child, 'close')), said]).toEqual([0, null, ''])
})
