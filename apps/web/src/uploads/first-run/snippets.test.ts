import { expect, it } from 'vitest'
import { snippetOf, WAYS, type Way } from './snippets.ts'

const file = { name: 'sunset.jpg', contentType: 'image/jpeg', byteSize: 41_474 }
const place = { origin: 'http://127.0.0.1:3000', key: 'dk_local_development' }

it.each(Object.keys(WAYS) as Way[])('%s names this installation and the file that was just taken', way => {
  const text = snippetOf(way, file, place)
  expect(text).toContain(place.origin)
  if (way !== 'uppy') expect(text).toContain(file.name)
})

it('shows no key where code runs in browsers', () => expect(snippetOf('uppy', file, place)).not.toContain(place.key))
