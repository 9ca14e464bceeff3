import { expect, it } from 'vitest'
import { type Command, matching } from './command.ts'

const command = (label: string, words?: string): Command => ({
  id: label,
  label,
  icon: null,
  needs: null,
  run: () => undefined,
  ...(words && { words }),
})
const GROUPS = [
  { label: 'Go to', items: [command('Library'), command('Operations', 'admin jobs')] },
  { label: 'Do', items: [command('Requeue all failed jobs', 'retry')] },
]
const found = (text: string) => matching(GROUPS, text).flatMap(({ items }) => items.map(({ label }) => label))

it.each([
  ['', ['Library', 'Operations', 'Requeue all failed jobs']],
  ['LIB', ['Library']],
  ['failed requeue', ['Requeue all failed jobs']],
  ['jobs', ['Operations', 'Requeue all failed jobs']],
  ['retry', ['Requeue all failed jobs']],
  ['nothing', []],
])('%j finds %j', (text, labels) => expect(found(text)).toEqual(labels))
