import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes'
import { MediaFault } from '../../fault.ts'
import { dataUrlBytes } from '../../probe/data-url.ts'
import { beginsLikeXml, decodeXml } from '../../probe/xml-text.ts'
import { cssUrls, unescapeCss } from './css-urls.ts'
import { type Reference, type References, ROOT } from './svg-references.ts'

/** What an SVG says of itself and refers to, as a parser reads it. */
export interface SvgContent {
  /** The text without its XML declaration. */
  text: string
  /** Attributes of the root element, by name; those with a prefix are left out. */
  root: ReadonlyMap<string, string>
  references: References
}

/** libxml2 refuses elements that lie deeper in each other. */
const MAX_DEPTH = 256
/** SVGs within SVGs, as data URLs. */
const MAX_NESTED = 4
/** A limit of memory: no SVG of 10 MB that somebody drew has as many. */
const MAX_REFERENCES = 1_000_000

/** Elements that draw what their `href` names. */
const COPIES: ReadonlySet<string> = new Set(['use', 'feImage', 'image'])

/**
 * Reads an SVG as XML 1.0 with namespaces, strictly: where this parser and the decoder could read two things, nothing is decoded.
 * @throws MediaFault CORRUPT_FILE for what is not well formed; UNSUPPORTED_TYPE for encodings that hide what is said, for a document
 * type that declares entities or attributes, and for SVGs in each other without end
 */
export function readSvg(bytes: Uint8Array, nested = 0): SvgContent {
  const decoded = decodeXml(bytes)?.trimStart()
  if (decoded === undefined) throw refused('SVG files must be UTF-8 or UTF-16')
  const references = collectReferences(nested)
  const root = new Map<string, string>()
  const parser = new SaxesParser({ xmlns: true, position: false })
  let text = decoded
  parser.on('xmldecl', () => {
    text = decoded.slice(decoded.indexOf('?>') + 2)
  })
  parser.on('doctype', checkDocumentType)
  parser.on('opentag', tag => {
    if (references.depth() === 0) for (const { name, value } of Object.values(tag.attributes)) root.set(name, value)
    references.open(tag)
  })
  parser.on('closetag', references.close)
  try {
    parser.write(decoded).close()
  } catch (error) {
    if (error instanceof MediaFault) throw error
    throw new MediaFault('CORRUPT_FILE', 'The SVG is not well-formed XML', { cause: error })
  }
  return { text, root, references: references.found }
}

const refused = (message: string) => new MediaFault('UNSUPPORTED_TYPE', message)

/** Entities grow without end or name files; declared attributes are on elements whose text does not have them. */
function checkDocumentType(declaration: string): void {
  if (declaration.includes('<!ENTITY')) throw refused('SVG files with entities are not supported')
  if (declaration.includes('<!ATTLIST'))
    throw refused('SVG files whose document type declares attributes are not supported')
}

function collectReferences(nested: number) {
  const found = new Map<string, Reference[]>()
  /** For each element that is open, from the outermost: its id, or that of the closest element around it that has one. */
  const open: string[] = []
  let count = 0
  const add = (id: string, reference: Reference) => {
    if (++count > MAX_REFERENCES)
      throw refused(`SVG files with more than ${MAX_REFERENCES} references are not supported`)
    const references = found.get(id)
    if (references) references.push(reference)
    else found.set(id, [reference])
  }
  return {
    found: found as References,
    depth: () => open.length,
    open({ local, attributes }: SaxesTagNS) {
      const all = Object.values(attributes)
      const around = open.at(-1) ?? ROOT
      const id = all.find(isId)?.value || around
      open.push(id)
      if (open.length > MAX_DEPTH)
        throw refused(`SVG files whose elements are more than ${MAX_DEPTH} deep are not supported`)
      if (id !== around) add(around, { target: id, by: 'part' })
      for (const attribute of all) for (const reference of referencesOf(local, attribute, nested)) add(id, reference)
    },
    close: () => void open.pop(),
  }
}

/** Tells whether an attribute is an id, in any namespace: counting one too many is harmless. */
const isId = ({ local }: SaxesAttributeNS) => local === 'id'

function referencesOf(element: string, { local, value }: SaxesAttributeNS, nested: number): Reference[] {
  if (local !== 'href')
    return cssUrls(value).flatMap(url => idOf(url).map(target => ({ target, by: 'paint' as const })))
  if (!COPIES.has(element)) return []
  const bytes = dataUrlBytes(value)
  if (bytes === null) return idOf(value).map(target => ({ target, by: 'copy' as const }))
  if (isGzip(bytes)) throw refused('SVG files with compressed files in them are not supported')
  const text = decodeXml(bytes)
  if (text === null && beginsLikeXml(bytes)) throw refused('SVG files within SVG files must be UTF-8 or UTF-16')
  if (!text?.trimStart().startsWith('<')) return []
  if (nested === MAX_NESTED) throw refused(`SVG files more than ${MAX_NESTED} deep in each other are not supported`)
  return [{ target: ROOT, by: { svg: readSvg(bytes, nested + 1).references } }]
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
