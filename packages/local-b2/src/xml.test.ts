import { expect, test } from 'vitest'
import { childrenOf, parseXml, renderXml, textOf } from './xml.ts'

test('reads back what it writes, blanks and entities included', () => {
  const keys = [' a ', '&lt;<>&"é😀', '&amp;', '']
  const xml = renderXml(['Delete', keys.map(key => ['Object', [['Key', key]]] as const)])
  expect(childrenOf(parseXml(xml, 'Delete'), 'Object').map(node => textOf(node, 'Key') ?? '')).toEqual(keys)
})

test.each(['', 'text', '<Delete>', '<Other/>', '<!DOCTYPE x [<!ENTITY a "b">]><Delete>&a;</Delete>'])(
  'refuses %j',
  source => {
    expect(() => parseXml(source, 'Delete')).toThrow(expect.objectContaining({ code: 'MalformedXML' }))
  },
)
