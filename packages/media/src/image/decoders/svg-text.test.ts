import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { checkedSvg } from './svg-text.ts'

const LIMITS = { maxDimension: 16_384 }
const NAMESPACES =
  'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:l="http://www.w3.org/1999/xlink"'
const svg = (body: string, attributes = 'width="60" height="40"') => `<svg ${NAMESPACES} ${attributes}>${body}</svg>`
const image = (href: string) => svg(`<image width="60" height="40" xlink:href="${href}"/>`)
const base64 = (bytes: Buffer | string, type = 'image/svg+xml') =>
  `data:${type};base64,${Buffer.from(bytes).toString('base64')}`

/** Nine times ten of the one before, by whatever refers to an element: 10^9 rectangles. */
const bomb = (refer: (id: string) => string, element = 'g') => {
  const level = (n: number) => `<${element} id="g${n}">${refer(`g${n - 1}`).repeat(10)}</${element}>`
  const levels = Array.from({ length: 9 }, (_, n) => level(n + 1))
  return svg(
    `<defs><${element} id="g0"><rect width="9" height="9"/></${element}>${levels.join('')}</defs>${refer('g9')}`,
  )
}
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const useBomb = bomb(id => `<use xlink:href="#${id}"/>`)
const LAUGHS = '<!DOCTYPE svg [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>'

const codeOf = (text: Buffer | string) => {
  try {
    checkedSvg(Buffer.from(text), LIMITS)
    return 'taken'
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

describe('an SVG that repeats itself without end is refused', () => {
  it.each([
    ['with xlink:href', useBomb],
    ['with href', bomb(id => `<use href="#${id}"/>`)],
    ['with href under another prefix', bomb(id => `<use l:href="#${id}"/>`)],
    ['with a > in an attribute before it', bomb(id => `<use class=">" href="#${id}"/>`)],
    ['with a < and a > in single quotes', bomb(id => `<use class='"/>' href='#${id}'/>`)],
    ['with the # as a character reference', bomb(id => `<use href="&#35;${id}"/>`)],
    ['with an id in character references', bomb(id => `<use href="#${id}"/>`).replaceAll(' id="g', ' id="&#103;')],
    ['with elements under a prefix', bomb(id => `<s:use xmlns:s="http://www.w3.org/2000/svg" href="#${id}"/>`)],
    ['behind a comment that closes tags', bomb(id => `<!-- </g></g> --><use href="#${id}"/>`)],
    ['behind a section that closes tags', bomb(id => `<![CDATA[</g></g>]]><use href="#${id}"/>`)],
    ['with white space around =', bomb(id => `<use\n\thref\n=\n"#${id}"\n/>`)],
    ['by patterns', bomb(id => `<rect width="9" height="9" fill="url(#${id})"/>`, 'pattern')],
    ['by masks', bomb(id => `<rect width="9" height="9" mask="url('#${id}')"/>`, 'mask')],
    ['by clip paths in a style', bomb(id => `<rect style="clip-path: url(#${id})"/>`, 'clipPath')],
    ['by a url that is escaped', bomb(id => `<rect style="mask: u\\72l(\\23 ${id})"/>`, 'mask')],
    ['by filters', bomb(id => `<feImage href="#${id}"/>`, 'filter')],
    ['in an SVG that is a data URL', image(base64(useBomb))],
    ['in a data URL that is not in base64', image(`data:image/svg+xml,${encodeURIComponent(useBomb)}`)],
    ['in a data URL that says another type', image(base64(useBomb, 'image/png'))],
    ['in a data URL in a data URL', image(base64(image(base64(useBomb))))],
    ['in a data URL after a long comment', image(base64(`<!--${' '.repeat(10_000)}-->${useBomb}`))],
    ['in a data URL of another document type', image(base64(`<!DOCTYPE html>${useBomb}`))],
    ['in a data URL in Latin-1', image(base64(Buffer.from(`<!-- ä -->${useBomb}`, 'latin1')))],
    ['in a data URL in UTF-16', image(base64(Buffer.from(useBomb, 'utf16le').swap16()))],
    ['in a compressed data URL', image(base64(gzipSync(useBomb)))],
  ])('%s', (_title, text) => {
    expect(codeOf(text)).toBe('UNSUPPORTED_TYPE')
  })
})

describe('a document type that changes what is read is refused', () => {
  it.each([
    ['an entity', `${LAUGHS}${svg('<text>&b;</text>')}`],
    ['an entity that names a file', `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg('')}`],
    ['a parameter entity', `<!DOCTYPE svg [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>${svg('')}`],
    ['an attribute that every element has', `<!DOCTYPE svg [<!ATTLIST use href CDATA "#g8">]>${svg('<use/>')}`],
    ['an entity in a data URL', image(base64(`${LAUGHS}${svg('<text>&b;</text>')}`))],
    ['an entity in UTF-16', Buffer.from(`\uFEFF${LAUGHS}${svg('')}`, 'utf16le')],
  ])('%s', (_title, text) => {
    expect(codeOf(text)).toBe('UNSUPPORTED_TYPE')
  })
})

describe('an SVG that says to be larger than may be is refused', () => {
  it.each([
    ['by its width', svg('', 'width="1e9" height="9"')],
    ['by its view box', svg('', 'viewBox="0 0 1000000000 9"')],
    ['by its style', svg('', 'style="height: 1e9px" viewBox="0 0 9 9"')],
    ['after a smaller one in a comment', `<!-- <svg width="9" height="9"> -->${svg('', 'width="1e9" height="9"')}`],
    ['after a > in an attribute', svg('', 'class=">" width="1e9" height="9"')],
    ['in character references', svg('', 'width="&#49;e9" height="9"')],
  ])('%s', (_title, text) => {
    expect(codeOf(text)).toBe('TOO_MANY_PIXELS')
  })
})

describe('what is no XML is refused', () => {
  it.each([
    ['an element that is not closed', '<svg width="9" height="9"><g'],
    ['an attribute that is there twice', svg('<rect width="9" width="9"/>')],
    ['a prefix of nothing', svg('<use unknown:href="#a"/>')],
    ['an entity that nobody declared', svg('<text>&nbsp;</text>')],
    ['elements deeper than the decoder goes', svg('<g>'.repeat(300) + '</g>'.repeat(300))],
  ])('%s', (_title, text) => {
    expect(['CORRUPT_FILE', 'UNSUPPORTED_TYPE']).toContain(codeOf(text))
  })
})

describe('an SVG that does none of that is taken', () => {
  const many = (element: string) => svg(`<defs><clipPath id="c"><rect/></clipPath></defs>${element.repeat(20_000)}`)
  it.each([
    ['that mentions entities in a comment', `<!-- <!ENTITY a "b"> -->${svg('')}`],
    ['that mentions entities in a text', svg('<text><![CDATA[<!ENTITY a "b">]]></text>')],
    ['with a bomb in a comment', svg(`<!-- ${useBomb.replaceAll('--', '')} --><rect/>`)],
    ['with a bomb in a section', svg(`<text><![CDATA[${useBomb}]]></text>`)],
    ['with a document type', `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">${svg('')}`],
    ['with an empty document type', `<!DOCTYPE svg []>${svg('')}`],
    ['with characters that every XML has', svg('<text>&lt;&amp;&#228;</text>')],
    ['with a PNG inside', image(base64(PNG, 'image/png'))],
    ['with a JPEG inside', image(base64(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), 'image/jpeg'))],
    ['with a small SVG inside', image(base64(svg('<rect/>')))],
    ['with 20,000 elements that are clipped alike', many('<rect clip-path="url(#c)"/>')],
    ['with 20,000 elements of one colour', many('<rect fill="url(#a)" style="stroke: url(#b)"/>')],
    ['that uses itself', svg('<g id="a"><use href="#a"/></g>')],
    ['after a blank line', `\n<?xml version="1.0" encoding="utf-8"?>\n${svg('')}`],
  ])('%s', (_title, text) => {
    expect(codeOf(text)).toBe('taken')
  })

  it('is handed on as UTF-8 without a declaration that says otherwise', () => {
    const text = `<?xml version="1.0" encoding="UTF-16"?>${svg('<text>ä</text>')}`
    expect(checkedSvg(Buffer.from(`\uFEFF${text}`, 'utf16le'), LIMITS).toString()).toBe(svg('<text>ä</text>'))
  })
})

it('takes no time over hostile text', () => {
  const before = process.cpuUsage()
  const parts = [
    '<',
    '<a ',
    '<use href="#',
    '<use href="#a" id="',
    ' id="',
    '"',
    "<a id='a' ",
    '&',
    '&#',
    '<!--',
    '<![',
  ]
  const texts = parts.map(part => part.repeat(1_000_000 / part.length))
  const long = [`<${'a'.repeat(1_000_000)}`, `<svg ><a${' '.repeat(1_000_000)}`, `<!DOCTYPE ${'<'.repeat(1_000_000)}`]
  const styles = ['url(', '\\', 'url(#a', 'url("'].map(part => `<svg style="${part.repeat(1_000_000 / part.length)}"/>`)
  for (const text of [...texts, ...long, ...styles, ...texts.map(part => svg(part))]) codeOf(text)
  expect(process.cpuUsage(before).user / 1_000_000).toBeLessThan(8)
})
