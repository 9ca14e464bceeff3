import { Command } from 'commander'
import { start } from '../start/index.ts'

export const startCommand = () =>
  new Command('start')
    .description('run everything on this machine: embedded parts wherever no URL of a real one is set')
    .action(() => start(process.env))
