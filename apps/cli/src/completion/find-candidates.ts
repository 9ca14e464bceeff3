import type { Argument, Command, Option } from 'commander'
import { createProgram } from '../program.ts'
import { valuesOf } from './known-values.ts'

/** What can follow in a command line. */
export interface Candidates {
  items: { name: string; description: string }[]
  /** What of the word stays as it is: `--status=` where its value is completed; '' otherwise. */
  before: string
  /** Whether names of files can follow as well, which the shell knows best. */
  hasFiles: boolean
}

const NONE: Candidates = { items: [], before: '', hasFiles: false }

/**
 * Finds what can follow: commands, options, or values of either.
 * @param words after the name of the program, up to the one that is being typed
 * @param current the beginning of the word that is being typed; '' before its first character
 */
export async function findCandidates(words: readonly string[], current: string): Promise<Candidates> {
  const program = await createProgram(words)
  const { command, option, position } = follow(program, words)
  if (option) return candidatesOf(option, current)
  const [, before = '', value = ''] = /^(--[^=]+=)(.*)$/.exec(current) ?? []
  const named = before && findOption(command, before.slice(0, -1))
  if (named) return { ...(await candidatesOf(named, value)), before }
  if (current.startsWith('-')) return { ...NONE, items: beginningWith(current, optionsOf(command)) }
  if (command.commands.length > 0) return { ...NONE, items: beginningWith(current, commandsOf(command)) }
  const argument = command.registeredArguments[position] ?? command.registeredArguments.findLast(one => one.variadic)
  return argument ? candidatesOf(argument, current) : NONE
}

/** Follows a command line to its last command. @returns an option too, whose value comes next */
function follow(program: Command, words: readonly string[]) {
  let [command, position]: [Command, number] = [program, 0]
  let option: Option | undefined
  for (const word of words) {
    const isValue = option !== undefined
    option = undefined
    if (isValue) continue
    if (word.startsWith('-')) {
      const found = findOption(command, word)
      option = found?.required ? found : undefined
      continue
    }
    const inner = command.commands.find(each => each.name() === word)
    if (inner) command = inner
    else position += 1
  }
  return { command, option, position }
}

/** Finds an option of a command, or of one above it. */
function findOption(command: Command, flag: string): Option | undefined {
  const found = command.options.find(({ long, short }) => flag === long || flag === short)
  return found ?? (command.parent ? findOption(command.parent, flag) : undefined)
}

async function candidatesOf(of: Option | Argument, value: string): Promise<Candidates> {
  const isOption = 'flags' in of
  const placeholder = isOption ? (/<([^>]+)>/.exec(of.flags)?.[1] ?? '') : of.name()
  // An option is known by its name (`--preset <name>`), or by that of its value (`--from <preset>`).
  const known = of.argChoices ?? (await valuesOf(isOption ? [of.attributeName(), placeholder] : [placeholder]))
  const items = known.map(name => ({ name, description: '' }))
  return { ...NONE, items: beginningWith(value, items), hasFiles: FILES.has(placeholder) }
}

/** How options and arguments call a file of this machine. */
const FILES = new Set(['file', 'file.json', 'path', 'source'])

const beginningWith = <T extends { name: string }>(text: string, items: T[]): T[] =>
  items.filter(({ name }) => name.startsWith(text))

const commandsOf = (command: Command) =>
  command
    .createHelp()
    .visibleCommands(command)
    .map(each => ({ name: each.name(), description: each.description() }))

/** Returns the options of a command and of those above it, of which each is valid here too. */
function optionsOf(command: Command): Candidates['items'] {
  const own = command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, short, description }) => ({ name: long ?? short ?? '', description }))
  const above = command.parent ? optionsOf(command.parent) : []
  return [...own, ...above.filter(({ name }) => !own.some(one => one.name === name) && name !== '--version')]
}
