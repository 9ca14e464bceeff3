import { ConfigError } from '@darkroom/core'
import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { keysCommand } from './commands/keys.ts'
import { migrateCommand } from './commands/migrate.ts'
import { provisionCommand } from './commands/provision.ts'
import { startCommand } from './commands/start.ts'

const program = new Command('darkroom')
  .description('An open media pipeline: presigned uploads in, thumbnails and variants behind CDN URLs out.')
  .version(packageJson.version)

for (const command of [startCommand, migrateCommand, keysCommand, provisionCommand]) program.addCommand(command())

try {
  await program.parseAsync()
} catch (error) {
  // Faults of the configuration are for a person to read; anything else needs its stack.
  console.error(error instanceof ConfigError ? error.message : error)
  process.exit(1)
}
