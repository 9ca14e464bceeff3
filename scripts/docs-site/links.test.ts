import { expect, it } from 'vitest'
import { githubAnchor, siteLink } from './links.ts'

it.each([
  ['deliver.md#chapters', 'deliver.md#chapters'],
  ['../errors.md', '../errors.md'],
  ['../decisions/README.md', '../decisions/index.md'],
  ['../README.md#concepts', '../index.md#concepts'],
  ['#containers', '#containers'],
  ['https://example.com/README.md', 'https://example.com/README.md'],
  ['../../README.md#quick-start', 'https://github.com/darkroom-media/darkroom/blob/main/README.md#quick-start'],
  ['../../bench', 'https://github.com/darkroom-media/darkroom/blob/main/bench'],
])('the link %s of a guide is %s on the site', (link, wanted) => {
  expect(siteLink(link, 'how-to/operate.md')).toBe(wanted)
})

it.each([
  ['UNSUPPORTED_TYPE', 'unsupported_type'],
  ['Check an installation: `darkroom doctor`', 'check-an-installation-darkroom-doctor'],
  ['`/readyz` and [alarms](operate.md)', 'readyz-and-alarms'],
])('the heading %s has the anchor %s', (heading, wanted) => {
  expect(githubAnchor(heading)).toBe(wanted)
})
