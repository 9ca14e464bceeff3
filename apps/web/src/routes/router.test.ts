import { isPagePath } from '@darkroom/contracts/page-paths'
import { expect, it } from 'vitest'
import { createPageRouter } from './router.ts'

const VALUES: Record<string, string> = { $name: 'shots', $: 'webhooks' }
const ID = '0190c0de-0000-7000-8000-00000000000a'

const paths = Object.keys(createPageRouter().routesByPath).map(path =>
  path.replace(/\$\w*/g, param => VALUES[param] ?? ID),
)

it.each(paths)('%s is a place that the server knows, so that it can be opened and reloaded', path =>
  expect(isPagePath(path)).toBe(true),
)
