import { newCommand } from '../output.ts'
import { start } from '../start/index.ts'

export const startCommand = () =>
  newCommand('start', { description: '', example: 'start' }).action(() => start(process.env))
