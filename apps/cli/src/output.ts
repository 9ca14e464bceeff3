import { Command } from 'commander'
import { printableLines, toJson } from './terminal-text.ts'

/** Says something to a person, or to a machine with `--json`. */
export function print(options: { json?: boolean | undefined }, value: unknown, forPeople: () => string): void {
  console.log(options.json ? toJson(value, 2) : printableLines(forPeople()))
}

interface About {
  description: string
  /** One call of it, without `darkroom`. */
  example: string
}

/** Creates a command with an example in its help. */
export const newCommand = (name: string, { description, example }: About): Command =>
  new Command(name).description(description).addHelpText('after', `\nExample:\n  $ npx darkroom ${example}`)

/** Creates a command with `--json` for output that a program can read. */
export const commandWithJson = (name: string, about: About): Command =>
  newCommand(name, about).option('--json', 'print JSON, with all values in full')

/** Creates a command that says many things, and with `--json` each as one JSON object on a line of its own. */
export const commandWithJsonLines = (name: string, about: About): Command =>
  newCommand(name, about).option('--json', 'print one JSON object per line, with all values in full')

/** Says one of many things. */
export function printLine(options: { json?: boolean | undefined }, value: unknown, forPeople: () => string): void {
  console.log(options.json ? toJson(value) : printableLines(forPeople()))
}

/** Formats a time to the second in UTC, as logs do; '' without one. */
export const moment = (iso: string | null): string =>
  iso === null ? '' : iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z')

/** Returns a number with its noun: `1 job`, `2 jobs`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
