import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { COMMANDS } from './commands.ts'

const WHERE = `
Commands speak HTTP with the Darkroom that \`npm start\` runs on this machine, or with that of DARKROOM_URL, as DARKROOM_KEY.
Exit codes: 0 done, 1 failed, 2 called wrongly, 3 nothing answers (or not now), 4 not allowed, 5 not found.`

/** The command line, with all of the command that is called and only the names of the others. */
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

/** What is added as a whole does not take over how a command ends. */
function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent)
    inherit(command)
  }
}
