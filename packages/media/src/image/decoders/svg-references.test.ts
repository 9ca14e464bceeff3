import { expect, it } from 'vitest'
import { readSvg } from './read-svg.ts'
import { repeatedElements } from './svg-references.ts'

const svg = (body: string) => `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="x">${body}</svg>`
const use = (id: string) => `<use xlink:href="#${id}"/>`
const chain = (links: number) =>
  Array.from({ length: links }, (_, n) => `<mask id="m${n}"><g mask="url(#m${n + 1})"/></mask>`).join('')

it.each([
  ['none', '<g id="a"><rect/></g>', 0],
  ['one', `<rect id="a"/>${use('a')}`, 1],
  ['without a prefix', '<rect id="a"/><use x="1" href="#a"></use>', 1],
  ['all that is in it', `<g id="a"><rect/><g id="b"><rect/></g></g>${use('a').repeat(2)}`, 2 * 4],
  ['ten of ten', `<g id="b">${use('a').repeat(10)}</g>${use('b').repeat(10)}<rect id="a"/>`, 10 + 10 * (11 + 10)],
  ['inside of others', `<g id="outer"><g id="inner">${use('a')}</g></g><rect id="a"/>${use('outer')}`, 1 + 4],
  ['one that uses itself', `<g id="a">${use('a')}</g>`, 0],
  ['painted', '<pattern id="p"><rect/></pattern><g><path fill="url(#p)"/></g>', 2],
  ['a colour', '<linearGradient id="p"><stop/></linearGradient><path fill="url(#p)"/>', 0],
  ['what has the id of another', `<g id="a"><rect/></g><rect id="a"/>${use('a')}`, 2],
  ['nothing that is there', use('a'), 0],
  ['others that use it', `<g id="a">${use('b')}</g><g id="b">${use('a')}</g>`, Infinity],
  ['deeper than anybody draws', `${chain(1_100)}<g mask="url(#m0)"/>`, Infinity],
])('counts what is repeated: %s', (_title, body, expected) => {
  expect(repeatedElements(readSvg(Buffer.from(svg(body))).drawing)).toBe(expected)
})
