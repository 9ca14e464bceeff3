import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { COMMANDS } from './commands.ts'

const WHERE = `
Commands use the HTTP API of the \`npm start\` on this machine, or of DARKROOM_URL, with the API key in DARKROOM_KEY.
Exit codes: 0 success, 1 failure, 2 wrong usage, 3 temporarily unavailable, 4 not allowed, 5 not found.`

/** Creates the command line. Only the called command is loaded; the others are there by name, for the help. */
export async function createProgram(called: string | undefined): Promise<Command> {
  const program = new Command('darkroom')
    .description('An open media pipeline: presigned uploads in, thumbnails and variants behind CDN URLs out.')
    .version(packageJson.version)
    .addHelpText('after', WHERE)
    .exitOverride()
  for (const [name, { description, load }] of Object.entries(COMMANDS)) {
    const command = name === called ? (await load())() : new Command(name)
    program.addCommand(command.description(description))
  }
  inherit(program)
  return program
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
