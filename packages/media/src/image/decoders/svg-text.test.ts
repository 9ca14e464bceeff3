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
/** Multiplies in the same way, by patterns that a rule of a style sheet gives to elements of a class. */
const styledBomb = (style: (n: number) => string, around = (css: string) => css) => {
  const levels = Array.from({ length: 9 }, (_, n) => n + 1)
  const patterns = levels.map(n => `<pattern id="g${n}">${`<rect class="c${n - 1}" width="9"/>`.repeat(10)}</pattern>`)
  return svg(
    `<defs><pattern id="g0"><rect/></pattern>${patterns.join('')}</defs><rect class="c9"/><style>${around([0, ...levels].map(style).join(''))}</style>`,
  )
}
/** Patterns without content that have that of a group of patterns. */
const inheritingBomb = svg(
  `${Array.from({ length: 9 }, (_, n) => {
    const rects = `<rect width="9" height="9" fill="url(#q${n})"/>`.repeat(10)
    return `<pattern id="g${n + 1}">${rects}</pattern><pattern id="q${n + 1}" href="#g${n + 1}"/>`
  }).join('')}<rect fill="url(#q9)"/>`,
)
/** One group at each level, whose elements inherit what refers to the level below. */
const inheritedBomb = (element: string, attribute: (url: string) => string, content: string) => {
  const group = (n: number) => `<g ${attribute(`url(#g${n})`)}>${content}</g>`
  const levels = Array.from({ length: 9 }, (_, n) => `<${element} id="g${n + 1}">${group(n)}</${element}>`)
  return svg(`<${element} id="g0"><rect/></${element}>${levels.join('')}${group(9)}`)
}
const ten = (element: string) => `<g id="ten">${element.repeat(10)}</g>`
const manyPainted = (element: string, attribute: string) =>
  svg(`<${element} id="a">${'<path/>'.repeat(1000)}</${element}>${`<rect ${attribute}/>`.repeat(1000)}`)
const XINCLUDE = 'xmlns:xi="http://www.w3.org/2001/XInclude"'
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)
const sprite = (count: number) =>
  numbers(count)
    .map(n => `<symbol id="i${n}" viewBox="0 0 24 24"><g>${'<path d="M0 0h9v9z"/>'.repeat(5)}</g></symbol>`)
    .join('')
const useAll = (count: number) =>
  numbers(count)
    .map(n => `<use href="#i${n}"/>`)
    .join('')
/** Writes an SVG as programs for drawing do, with a class for each style. */
const styledLike = (styles: number, elements: number, element: string) => {
  const property = element === 'clipPath' ? 'clip-path' : 'fill'
  const rules = numbers(styles).map(n => `.cls-${n + 1}{${property}:url(#s${n});stroke:#fff}`)
  const targets = numbers(styles).map(n => `<${element} id="s${n}"><rect class="cls-0"/></${element}>`)
  const drawn = numbers(elements).map(n => `<path class="cls-${(n % styles) + 1}"/>`)
  return svg(`<defs><style>.cls-0{fill:none}${rules.join('')}</style>${targets.join('')}</defs>${drawn.join('')}`)
}
const FONTS = `@import url(https://fonts.example/css?a=b);@font-face{font-family:"A \\201C";src:url(data:font/woff2;base64,d09GMg==) format("woff2")}
<!-- .a > b{fill:url('#a')} -->`
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
    ['in a data URL with a tab in it', image(base64(useBomb).replace('data', 'da&#9;ta'))],
    ['in a data URL with a line break in it', image(base64(useBomb).replace('base64', 'base&#10;64'))],
    ['in a data URL in a data URL', image(base64(image(base64(useBomb))))],
    ['in a data URL after a long comment', image(base64(`<!--${' '.repeat(10_000)}-->${useBomb}`))],
    ['in a data URL of another document type', image(base64(`<!DOCTYPE html>${useBomb}`))],
    ['in a data URL in Latin-1', image(base64(Buffer.from(`<!-- ä -->${useBomb}`, 'latin1')))],
    ['in a data URL in UTF-16', image(base64(Buffer.from(useBomb, 'utf16le').swap16()))],
    ['with the id of another namespace before each', useBomb.replace(/ id="/g, ' l:id="no"$&')],
    ['with an empty id of another namespace before each', useBomb.replace(/ id="/g, ' l:id=""$&')],
    [
      'with definitions that go round',
      useBomb.replace(/<g id="g(\d)">/g, (tag, n) => `${tag}<defs><use href="#g${Number(n) + 1}"/></defs>`),
    ],
    ['by patterns that have what others have', inheritingBomb],
    ['by patterns that elements inherit', inheritedBomb('pattern', url => `fill="${url}"`, '<rect/>'.repeat(10))],
    ['by patterns in a style', inheritedBomb('pattern', url => `style="a:b; stroke: ${url}"`, '<rect/>'.repeat(10))],
    ['by markers of a path', inheritedBomb('marker', url => `marker-mid="${url}"`, '<path d="M0 0h1v1h1v1h1v1h1v1"/>')],
    [
      'by patterns that copies inherit',
      `${inheritedBomb('pattern', url => `fill="${url}"`, '<use href="#ten"/>').slice(0, -6)}${ten('<rect/>')}</svg>`,
    ],
    [
      'by markers that copies inherit',
      `${inheritedBomb('marker', url => `marker-mid="${url}"`, '<use href="#ten"/>').slice(0, -6)}${ten('<path d="M0 0h1v1h1"/>')}</svg>`,
    ],
    ['with few references to many', svg(`<g id="a">${'<path/>'.repeat(10_000)}</g>${'<use href="#a"/>'.repeat(1000)}`)],
    ['with few patterns of many', manyPainted('pattern', 'fill="url(#a)"')],
    ['by rules of a style sheet', styledBomb(n => `.c${n}{fill:url(#g${n})}`)],
    [
      'by rules for several',
      styledBomb(n => `a b, g > rect.c${n}[class]:first-child {fill:red;fill: URL( "#g${n}" )}`),
    ],
    [
      'by rules in others',
      styledBomb(
        n => `.c${n}{fill:url(#g${n})}`,
        css => `@media all{${css}}`,
      ),
    ],
    [
      'by rules of a section',
      styledBomb(
        n => `.c${n}{fill:url(#g${n})}`,
        css => `<![CDATA[${css}]]>`,
      ),
    ],
    ['by rules for all', styledBomb(n => `.c${n}:not(.a){fill:url(#g${n})}`)],
    ['by rules with a bracket in a string', styledBomb(n => `.c${n}{a:"} .b{";fill:url(#g${n})}`)],
    ['by rules with a bracket in brackets', styledBomb(n => `.c${n}{a:(} .b{);fill:url(#g${n})}`)],
    ['by rules with a bracket in a comment', styledBomb(n => `.c${n}{/*} .b{*/fill:url(#g${n})}`)],
    ['by rules between what looks like a comment', styledBomb(n => `.c${n}{a:"/*";fill:url(#g${n});b:"*/"}`)],
    ['by rules with escapes', styledBomb(n => `.\\63${n}{fill:url(#g${n})}`)],
    ['by rules with an escaped url', styledBomb(n => `.c${n}{fill:u\\72l(#g${n})}`)],
    ['by an imported sheet', styledBomb(n => `@import "data:text/css,.c${n}%7Bfill:url(%23g${n})%7D";`)],
    ['by a sheet that is a data URL', `<?xml-stylesheet href="data:text/css,*%7B%7D"?>${svg('<rect/>')}`],
    ['by masks after what looks like a comment', bomb(id => `<rect style="a:'/*';mask:url(#${id});b:'*/'"/>`, 'mask')],
    [
      'by masks after what looks like a url',
      bomb(id => `<rect style='a:"url(&apos;";mask:url(#${id});b:"&apos;"'/>`, 'mask'),
    ],
    ['by patterns in data URLs', svg(`<rect fill="url(${base64(useBomb)}#g9)"/>`)],
    ['by what is included', svg(`<xi:include ${XINCLUDE} href="${base64(useBomb)}"/>`)],
    [
      'in a data URL of an encoding that is said late',
      image(base64(`<?xml version="1.0" ${' '.repeat(600)}encoding="UTF-7"?><svg/>`)),
    ],
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
  const group = (attributes: string) => `<g ${attributes}>${'<rect/>'.repeat(20_000)}</g>`
  const arrows = `<path d="M0 0${'l99 99'.repeat(1000)}" style="fill:none;marker-end:url(#m)"/>`.repeat(100)
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
    ['of 50,000 points that are one symbol', svg(`<path id="p"/>${'<use href="#p"/>'.repeat(50_000)}`)],
    ['of 300,000 paths', svg('<path/>'.repeat(300_000))],
    ['of icons that are used a hundred times', svg(sprite(100) + useAll(100).repeat(100))],
    ['with a style sheet of colours', styledLike(50, 20_000, 'linearGradient')],
    ['with a style sheet of clip paths', styledLike(50, 20_000, 'clipPath')],
    ['with a group of one pattern', svg(`<pattern id="p"><rect/></pattern>${group('fill="url(#p)"')}`)],
    ['with a group of one clip path', svg(`<g id="c"/>${group('style="fill:#000;clip-path:url(#c)"')}`)],
    [
      'with icons that inherit a colour',
      svg(`<linearGradient id="p"/>${sprite(100)}<g fill="url(#p)">${useAll(100).repeat(50)}</g>`),
    ],
    ['with an arrow at the end of long paths', svg(`<marker id="m"><path/></marker>${arrows}`)],
    ['with a style sheet of patterns', styledLike(50, 20_000, 'pattern')],
    ['with fonts in a style sheet', svg(`<style>${FONTS}</style><rect fill="url(#a)"/>`)],
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
  const texts = parts.map(part => part.repeat(250_000 / part.length))
  const long = [`<${'a'.repeat(250_000)}`, `<svg ><a${' '.repeat(250_000)}`, `<!DOCTYPE ${'<'.repeat(250_000)}`]
  const styles = ['url(', '\\', 'url(#a', 'url("'].map(part => `<svg style="${part.repeat(250_000 / part.length)}"/>`)
  const sheetParts = [
    ...parts,
    '{',
    '(',
    ';',
    ',',
    'a,',
    '.a{',
    'url(',
    'url( ',
    'url(#a)',
    '/*',
    '"a',
    '@import',
    'a{fill:url(#a)}',
  ]
  const sheets = sheetParts.map(part => {
    const sheet = `url()${part.repeat(100_000 / part.length)}`.replaceAll('<', '&lt;').replaceAll('&#', '&amp;#')
    return svg(`<style>${sheet}</style>${'<a/>'.repeat(10_000)}`)
  })
  const names = `${'a,'.repeat(200_000)}a{${'fill:url(#a);'.repeat(20_000)}}`
  const patterns = `<style>*{fill:url(${base64(svg('<rect/>'.repeat(20_000)))})}</style>${'<rect/>'.repeat(20_000)}`
  for (const text of [...sheets, svg(`<style>${names}</style><a/>`), svg(patterns)]) codeOf(text)
  for (const text of [...texts, ...long, ...styles, ...texts.map(part => svg(part))]) codeOf(text)
  expect(process.cpuUsage(before).user / 1_000_000).toBeLessThan(4)
})
