import { expect, it } from 'vitest'
import { readSvg } from './read-svg.ts'
import { referredElements } from './svg-references.ts'

const svg = (body: string) => `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="x">${body}</svg>`
const use = (id: string) => `<use xlink:href="#${id}"/>`
const chain = (links: number) =>
  Array.from({ length: links }, (_, n) => `<mask id="m${n}"><g mask="url(#m${n + 1})"/></mask>`).join('')

it.each([
  ['none', '<g id="a"><rect/></g>', 0],
  ['one', `<rect id="a"/>${use('a')}`, 1],
  ['without a prefix', '<rect id="a"/><use x="1" href="#a"></use>', 1],
  ['ten of ten', `<g id="b">${use('a').repeat(10)}</g>${use('b').repeat(10)}`, 10 + 10 + 100],
  ['inside of others', `<g id="outer"><g id="inner">${use('a')}</g></g>${use('outer')}`, 1 + 1 + 1],
  ['one that uses itself', `<g id="a">${use('a')}</g>`, 2],
  ['painted alike', '<g id="a"><path fill="url(#p)"/></g>'.repeat(3), 0],
  ['painted alike, and used', `<g id="a"><path fill="url(#p)"/></g>${use('a')}`, 1 + 1],
  ['deeper than anybody draws', `${chain(100_000)}<g mask="url(#m0)"/>`, Infinity],
])('counts what is referred to: %s', (_title, body, expected) => {
  expect(referredElements(readSvg(Buffer.from(svg(body))).references)).toBe(expected)
})
