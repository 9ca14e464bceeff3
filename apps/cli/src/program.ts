import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { COMMANDS, type Entry, type Need } from './commands.ts'

const WHERE = `
Commands use the Darkroom of DARKROOM_URL with the API key in DARKROOM_KEY, or the one of \`darkroom login\`, or the \`npm start\` on this machine.
Exit codes: 0 success, 1 failure, 2 wrong usage, 3 temporarily unavailable, 4 not allowed, 5 not found, 6 refused, 7 processing failed, 8 some of several failed.`

/** Says of a command that uses more than the API where it can run. */
const NEEDS: Record<Need, string> = {
  database:
    'Uses the database itself, not the API: run it where DATABASE_URL is set. An API key is not enough, nor is a login.',
  'database and store':
    'Uses database and store themselves, not the API: run it where DATABASE_URL and B2_* are set, or beside `npm start`. An API key is not enough, nor is a login.',
  store: 'Uses the store itself, not the API: run it where B2_* are set, or beside `npm start`.',
}

/** Creates the command line. Only the command that these arguments call is loaded; the others are there by name, for the help. */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('darkroom')
    .description('An open media pipeline: presigned uploads in, thumbnails and variants behind CDN URLs out.')
    .version(packageJson.version)
    .option('--profile <name>', 'use this login, whatever DARKROOM_URL and DARKROOM_KEY say')
    .addHelpText('after', WHERE)
    .exitOverride()
  const called = calledOf(args)
  for (const [name, entry] of Object.entries(COMMANDS)) {
    const { description, needs, load } = name === called?.name ? called.entry : entry
    const command = name === called?.name ? (await load())() : new Command(name)
    // Of each command below it, too.
    if (needs) command.addHelpText('afterAll', `\n${NEEDS[needs]}`)
    program.addCommand(command.description(description))
  }
  inherit(program)
  return program
}

/** Finds the called command, which may come after options; undefined without one. */
function calledOf(args: readonly string[]): { name: string; entry: Entry } | undefined {
  const name = args.find((arg, index) => Object.hasOwn(COMMANDS, arg) && args[index - 1] !== '--profile')
  const entry = name === undefined ? undefined : COMMANDS[name]
  if (name === undefined || entry === undefined) return undefined
  const forms = Object.entries(entry.with ?? {})
  const [, form] = forms.find(([option]) => args.some(arg => arg === option || arg.startsWith(`${option}=`))) ?? []
  return { name, entry: form ?? entry }
}

/** Says what a command needs that has found no database or store; '' for commands of the API. */
export function needsOf(args: readonly string[]): string {
  const needs = calledOf(args)?.entry.needs
  return needs ? NEEDS[needs] : ''
}

/**
 * Passes the settings of a command on to its subcommands, which commander does not do for a command that is added as a
 * whole.
 */
function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent)
    inherit(command)
  }
}
