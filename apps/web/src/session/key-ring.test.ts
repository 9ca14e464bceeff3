import { describe, expect, it } from 'vitest'
import { createKeyRing } from './key-ring.ts'

function setUp(items = new Map<string, string>()) {
  const storage = {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
  }
  return { ring: createKeyRing(storage), items }
}
const shop = { key: 'dk_shop', projectId: 'shop', label: 'shop' }

describe('the ring of keys', () => {
  it('is there after a reload, with the last key of each project', () => {
    const { ring, items } = setUp()
    ring.add(shop)
    ring.add({ ...shop, key: 'dk_newer' })
    ring.add({ key: 'do_all', projectId: null, label: 'Operator' })
    expect(
      setUp(items)
        .ring.all()
        .map(({ key }) => key),
    ).toEqual(['dk_newer', 'do_all'])
    ring.drop('dk_newer')
    expect(ring.all()).toHaveLength(1)
  })

  it.each(['no json', '{}', '[1, null, {"key": 5}]'])('reads nothing out of %s', text => {
    expect(setUp(new Map([['darkroom.keyRing', text]])).ring.all()).toEqual([])
  })
})
