import { expect, it } from 'vitest'
import { usedElements } from './svg-uses.ts'

const MAX = 1000
const svg = (body: string) => `<svg xmlns:xlink="x">${body}</svg>`
const use = (id: string) => `<use xlink:href="#${id}"/>`

it.each([
  ['none', '<g id="a"><rect/></g>', 0],
  ['one', `<rect id="a"/>${use('a')}`, 1],
  ['without a prefix', '<rect id="a"/><use x="1" href="#a"></use>', 1],
  ['ten of ten', `<g id="b">${use('a').repeat(10)}</g>${use('b').repeat(10)}`, 10 + 10 + 100],
  ['inside of others', `<g id="outer"><g id="inner">${use('a')}</g></g>${use('outer')}`, 1 + 1 + 1],
  ['one that uses itself', `<g id="a">${use('a')}</g>`, 2],
  ['more than may be', use('a').repeat(MAX + 1), Infinity],
  ['deeper than a parser goes', '<g>'.repeat(300), Infinity],
])('counts what is used: %s', (_title, body, expected) => {
  expect(usedElements(svg(body), MAX)).toBe(expected)
})

it('takes no time over hostile text', () => {
  const before = process.cpuUsage()
  const repeated = ['<', '<a ', '<use href="#', '<use href="#a" id="', ' id="', '"', "<a id='a' "]
  const texts = repeated.map(part => part.repeat(1_000_000 / part.length))
  for (const text of [...texts, `<${'a'.repeat(1_000_000)}`, `<svg ><a${' '.repeat(1_000_000)}`]) {
    usedElements(text, MAX)
  }
  const { user } = process.cpuUsage(before)
  expect(user / 1_000_000).toBeLessThan(4)
})
