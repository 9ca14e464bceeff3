import { expect, it } from 'vitest'
import { urlName } from './url-name.ts'

it.each([
  ['https://a.example/b/beach.jpg?sig=1#top', 'beach.jpg'],
  ['https://a.example/sch%C3%B6n%20hier.png', 'schön hier.png'],
  ['https://a.example/100%.jpg', '100%.jpg'],
  ['https://a.example/a%2Fb.jpg', 'a/b.jpg'],
  ['https://a.example/', ''],
  ['https://a.example', ''],
])('names %s %j', (url, name) => {
  expect(urlName(new URL(url))).toBe(name)
})
