import { XMLParser } from 'fast-xml-parser'
import { s3Error } from './errors.ts'

/** `[name, text | children]`; an undefined element is left out. */
export type XmlElement = readonly [
  name: string,
  content: string | number | boolean | readonly (XmlElement | undefined)[],
]

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'
const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' }

function escapeText(text: string): string {
  return text.replace(/[&<>"\r]/g, character => escapes[character] ?? character)
}

function render(element: XmlElement | undefined): string {
  if (!element) return ''
  const [name, content] = element
  const inner = Array.isArray(content) ? content.map(render).join('') : escapeText(String(content))
  return `<${name}>${inner}</${name}>`
}

/** Renders a whole document; answers carry S3's namespace, errors do not. */
export function renderXml(root: XmlElement, options: { namespace: boolean } = { namespace: true }): string {
  const body = render(root)
  const opened = options.namespace ? body.replace(`<${root[0]}>`, () => `<${root[0]} xmlns="${namespace}">`) : body
  return `<?xml version="1.0" encoding="UTF-8"?>\n${opened}`
}

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  ignoreDeclaration: true,
  isArray: () => true,
})

/** A parsed element: text of leaves is under `text`, children by name, always lists. */
export interface XmlNode {
  text: string
  children: Map<string, XmlNode[]>
}

function toNode(value: unknown): XmlNode {
  if (typeof value === 'string') return { text: value, children: new Map() }
  const node: XmlNode = { text: '', children: new Map() }
  for (const [name, child] of Object.entries(value ?? {})) {
    const list: unknown[] = Array.isArray(child) ? child : [child]
    if (name === '#text') node.text = list.join('')
    else node.children.set(name, list.map(toNode))
  }
  return node
}

/** Parses a request document whose root must be `rootName`; DOCTYPEs are refused, so there are no entities to expand. */
export function parseXml(source: string, rootName: string): XmlNode {
  if (source.includes('<!DOCTYPE')) throw s3Error('MalformedXML')
  let parsed: unknown
  try {
    parsed = parser.parse(source, true)
  } catch (cause) {
    throw Object.assign(s3Error('MalformedXML'), { cause })
  }
  const root = toNode(parsed).children.get(rootName)?.[0]
  if (!root) throw s3Error('MalformedXML')
  return root
}

export function childrenOf(node: XmlNode, name: string): XmlNode[] {
  return node.children.get(name) ?? []
}

export function textOf(node: XmlNode, name: string): string | undefined {
  return node.children.get(name)?.[0]?.text
}
