import { SaxesParser, type SaxesTagNS } from 'saxes'
import { MediaFault } from '../../fault.ts'
import { dataUrlBytes } from '../../probe/data-url.ts'
import { beginsLikeXml, decodeXml, isAllowedEncoding } from '../../probe/xml-text.ts'
import { unescapeCss } from './css-urls.ts'
import { type Paint, paintsOf } from './svg-paints.ts'
import type { Drawing, Part, Target } from './svg-references.ts'
import { give, readStyleSheet, type StyleRules, selectableBy } from './svg-style-sheet.ts'

/** What an SVG says of itself and draws, as a parser reads it. */
export interface SvgContent {
  /** The text without its XML declaration. */
  text: string
  /** Attributes of the root element, by their names as they are written. */
  root: ReadonlyMap<string, string>
  drawing: Drawing
}

/** libxml2 refuses elements that lie deeper in each other. */
const MAX_DEPTH = 256
/** SVGs within SVGs, as data URLs. */
const MAX_NESTED = 4
/** A limit of memory: no SVG of 10 MB that somebody drew has as many. */
const MAX_REFERENCES = 1_000_000

/** Elements that draw what their `href` names, or what is in it. */
const DRAWS_HREF: ReadonlySet<string> = new Set(['use', 'feImage', 'image', 'pattern'])
/** Colours, which cost nothing: thousands of elements may have one. */
const GRADIENTS: ReadonlySet<string> = new Set(['linearGradient', 'radialGradient', 'stop'])
/** The decoder includes data URLs, before it looks for ids. */
const XINCLUDE = 'http://www.w3.org/2001/XInclude'
const STYLE_ELEMENT = /[<:]style\b/

/**
 * Reads an SVG as XML 1.0 with namespaces, strictly: where this parser and the decoder could read two things, nothing is decoded.
 * @throws MediaFault CORRUPT_FILE for what is not well formed; UNSUPPORTED_TYPE for encodings that hide what is said, for a document
 * type that declares entities or attributes, for style sheets that hide what they say, and for SVGs in each other without end
 */
export function readSvg(bytes: Uint8Array, nested = 0): SvgContent {
  const decoded = decodeXml(bytes)?.trimStart()
  if (decoded === undefined) throw refused(ENCODINGS)
  const drawn = collectDrawing(readStyles(decoded), nested)
  const root = new Map<string, string>()
  let text = decoded
  parse(decoded, parser => {
    parser.on('xmldecl', ({ encoding }) => {
      if (!isAllowedEncoding(encoding)) throw refused(ENCODINGS)
      text = decoded.slice(decoded.indexOf('?>') + 2)
    })
    parser.on('processinginstruction', checkInstruction)
    parser.on('doctype', checkDocumentType)
    parser.on('opentag', tag => {
      if (drawn.depth() === 0) for (const { name, value } of Object.values(tag.attributes)) root.set(name, value)
      drawn.open(tag)
    })
    parser.on('closetag', drawn.close)
  })
  return { text, root, drawing: drawn.drawing }
}

const ENCODINGS = 'SVG files must be UTF-8 or UTF-16'

type Parser = SaxesParser<{ xmlns: true; position: false }>

function parse(text: string, listen: (parser: Parser) => void): void {
  const parser: Parser = new SaxesParser({ xmlns: true, position: false })
  listen(parser)
  try {
    parser.write(text).close()
  } catch (error) {
    if (error instanceof MediaFault) throw error
    throw new MediaFault('CORRUPT_FILE', 'The SVG is not well-formed XML', { cause: error })
  }
}

/** Reads the rules of all `<style>` elements first: they hold for what stands before them, too. */
function readStyles(decoded: string): StyleRules {
  const rules: StyleRules = new Map()
  if (!STYLE_ELEMENT.test(decoded)) return rules
  let sheet: string | null = null
  const collect = (text: string) => {
    if (sheet !== null) sheet += text
  }
  parse(decoded, parser => {
    parser.on('opentag', ({ local }) => {
      if (local === 'style') sheet ??= ''
    })
    parser.on('text', collect)
    parser.on('cdata', collect)
    parser.on('closetag', ({ local }) => {
      if (local !== 'style' || sheet === null) return
      const found = readStyleSheet(sheet)
      if (!found)
        throw refused('SVG files with escapes, unclosed brackets or imports in their style sheets are not supported')
      for (const [key, paints] of found) give(rules, key, paints)
      sheet = null
    })
  })
  return rules
}

const refused = (message: string) => new MediaFault('UNSUPPORTED_TYPE', message)

/** Refuses a style sheet in a data URL, which nobody checks. The decoder resolves references in the instruction. */
function checkInstruction({ target, body }: { target: string; body: string }): void {
  if (target === 'xml-stylesheet' && /data:|&/i.test(body))
    throw refused('SVG files with style sheets in data URLs are not supported')
}

/** Entities grow without end or name files; declared attributes are on elements whose text does not have them. */
function checkDocumentType(declaration: string): void {
  if (declaration.includes('<!ENTITY')) throw refused('SVG files with entities are not supported')
  if (declaration.includes('<!ATTLIST'))
    throw refused('SVG files whose document type declares attributes are not supported')
}

function collectDrawing(rules: StyleRules, nested: number) {
  const root = newPart()
  const drawing: Drawing = { root, parts: new Map(), elements: 0, points: 1 }
  /** For each element that is open, from the outermost: the part that it is in, and what the elements in it inherit. */
  const open: { part: Part; inherited: readonly Paint[] }[] = []
  const targets = new Map<string, Target[]>()
  let count = 0

  const partOf = (id: string | undefined, around: Part) => {
    if (!id) return around
    const part = newPart()
    around.parts.push(part)
    const others = drawing.parts.get(id)
    if (others) others.push(part)
    else drawing.parts.set(id, [part])
    return part
  }
  /** Reads what a URL stands for once: a style sheet names one URL for many elements. */
  const targetsOf = (url: string) => {
    const known = targets.get(url)
    if (known) return known
    const found = targetOf(url, nested)
    targets.set(url, found)
    for (const target of found) {
      if (typeof target === 'string') continue
      drawing.elements += target.elements
      drawing.points = Math.max(drawing.points, target.points)
    }
    return found
  }
  const refer = (part: Part, url: string, times = 1) => {
    if (++count > MAX_REFERENCES)
      throw refused(`SVG files with more than ${MAX_REFERENCES} references are not supported`)
    for (const target of targetsOf(url)) {
      part.references ??= new Map()
      part.references.set(target, (part.references.get(target) ?? 0) + times)
    }
  }

  const paint = (part: Part, copied: readonly Target[], inherited: readonly Paint[]) => {
    const paints = inherited.flatMap(({ url, isAtPoints }) => targetsOf(url).map(target => ({ target, isAtPoints })))
    if (paints.length === 0) return
    part.painted ??= []
    part.painted.push(...copied.map(target => ({ target, paints })))
  }

  return {
    drawing,
    depth: () => open.length,
    open(tag: SaxesTagNS) {
      const around = open.at(-1) ?? { part: root, inherited: [] }
      const part = partOf(tag.attributes.id?.value, around.part)
      const own = [...ownPaints(tag), ...ruledPaints(rules, tag)]
      const handedOn = own.filter(({ isInherited }) => isInherited)
      const inherited = handedOn.length > 0 ? [...around.inherited, ...handedOn] : around.inherited
      open.push({ part, inherited })
      if (open.length > MAX_DEPTH)
        throw refused(`SVG files whose elements are more than ${MAX_DEPTH} deep are not supported`)
      if (tag.uri === XINCLUDE) throw refused('SVG files that include others are not supported')
      const points = pointsOf(tag)
      drawing.points = Math.max(drawing.points, points)
      const hrefs = hrefsOf(tag)
      for (const url of hrefs) refer(part, url)
      for (const { url, isAtPoints } of own) refer(part, url, isAtPoints ? points : 1)
      if (GRADIENTS.has(tag.local)) return
      for (const { url, isAtPoints } of around.inherited) refer(part, url, isAtPoints ? points : 1)
      if (tag.local === 'use' && inherited.length > 0) paint(part, hrefs.flatMap(targetsOf), inherited)
      part.elements++
      drawing.elements++
    },
    close: () => void open.pop(),
  }
}

const newPart = (): Part => ({ elements: 0, parts: [] })

const hrefsOf = ({ local: element, attributes }: SaxesTagNS): string[] =>
  DRAWS_HREF.has(element)
    ? Object.values(attributes).flatMap(({ local, value }) => (local === 'href' ? [value] : []))
    : []

const ownPaints = ({ attributes }: SaxesTagNS): Paint[] =>
  Object.values(attributes).flatMap(({ local, value }) => paintsOf(local === 'style' ? value : `${local}:${value}`))

function ruledPaints(rules: StyleRules, { local, attributes }: SaxesTagNS): Paint[] {
  if (rules.size === 0) return []
  const keys = selectableBy(local, attributes.id?.value, attributes.class?.value)
  return keys.flatMap(key => rules.get(key) ?? [])
}

/** Returns not fewer points than a path has: each takes a character at least. */
const pointsOf = ({ attributes }: SaxesTagNS): number =>
  1 + (attributes.d?.value.length ?? 0) + (attributes.points?.value.length ?? 0)

/** Returns what a URL stands for: an id, or all of another SVG; nothing for images and for what the decoder does not fetch. */
function targetOf(url: string, nested: number): Target[] {
  const bytes = dataUrlBytes(url)
  if (bytes === null) return idOf(url)
  if (isGzip(bytes)) throw refused('SVG files with compressed files in them are not supported')
  const text = decodeXml(bytes)
  if (text === null && beginsLikeXml(bytes)) throw refused('SVG files within SVG files must be UTF-8 or UTF-16')
  if (!text?.trimStart().startsWith('<')) return []
  if (nested === MAX_NESTED) throw refused(`SVG files more than ${MAX_NESTED} deep in each other are not supported`)
  return [readSvg(bytes, nested + 1).drawing]
}

/** Tells whether the bytes are gzip, which the decoder decompresses before it checks what they are. */
const isGzip = ([first, second]: Uint8Array) => first === 0x1f && second === 0x8b

const idOf = (url: string): string[] => {
  const trimmed = url.trim()
  return trimmed.startsWith('#') ? [trimmed.slice(1)] : []
}

/** Lengths that the `style` of an element says, by property, as they are written. */
export function styleOf(style: string, property: string): string | null {
  const declarations = unescapeCss(style).split(';')
  const said = declarations.flatMap(declaration => {
    const [name = '', value = ''] = declaration.split(':')
    return name.trim().toLowerCase() === property ? [value.trim()] : []
  })
  return said.at(-1) ?? null
}
