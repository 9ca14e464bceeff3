import { expect, it } from 'vitest'
import { type Permit, type Semaphore, semaphore } from './semaphore.ts'

const errorOf = () => new Error('aborted')
const request = { signal: new AbortController().signal, errorOf }
const reserved = { ...request, isReserved: true }
const acquireAll = async (gate: Semaphore, count: number) => {
  const permits: Permit[] = []
  while (permits.length < count) permits.push(await gate.acquire(request))
  return permits
}
/** A permit for long work, which has to be free. */
const acquireLong = async (gate: Semaphore, of = request) => {
  const permit = await gate.acquire(of)
  expect(permit.tryLengthen()).toBe(true)
  return permit
}
/** Whether it settles without anybody giving a place back. */
async function isGranted(work: Promise<unknown>): Promise<boolean> {
  let granted = false
  void work.then(() => {
    granted = true
  })
  await new Promise(resolve => setImmediate(resolve))
  return granted
}

it('lets those who wait in one by one, in their order', async () => {
  const gate = semaphore(1)
  const order: string[] = []
  const first = await gate.acquire(request)
  const waiting = ['a', 'b', 'c'].map(async name => {
    const permit = await gate.acquire(request)
    order.push(name)
    permit.release()
  })
  expect(order).toEqual([])
  first.release()
  await Promise.all(waiting)
  expect(order).toEqual(['a', 'b', 'c'])
  expect(gate.held).toBe(0)
})

it('forgets who gave up, and turns the others away when it closes', async () => {
  const gate = semaphore(1)
  const gaveUp = new AbortController()
  await gate.acquire(request)
  const first = gate.acquire({ signal: gaveUp.signal, errorOf })
  const second = gate.acquire(request)
  gaveUp.abort()
  await expect(first).rejects.toThrow('aborted')
  gate.close(new Error('closed'))
  await expect(second).rejects.toThrow('closed')
  await expect(gate.acquire(request)).rejects.toThrow('closed')
})

it('gives a place back once, however often it is released', async () => {
  const gate = semaphore(1)
  const [permit] = await acquireAll(gate, 1)
  permit?.release()
  permit?.release()
  expect(gate.held).toBe(0)
})

it.each([1, 2, 5])('of size %d lets in so many with long work, and one with short work beyond them', async size => {
  const gate = semaphore(size)
  for (let count = 0; count < size; count += 1) await acquireLong(gate)
  const short = await gate.acquire(request)
  expect(short.tryLengthen()).toBe(false)
  expect(gate.held).toBe(size + 1)
  const next = gate.acquire(request)
  expect(await isGranted(next)).toBe(false)
  short.release()
  await next
  expect(gate.held).toBe(size + 1)
})

it('has as many places for short work as its size when there is no long work', async () => {
  const gate = semaphore(3)
  await acquireAll(gate, 3)
  expect(await isGranted(gate.acquire(request))).toBe(false)
})

it('lets in short work one after the other while a hundred wait for a place for long work', async () => {
  const gate = semaphore(1)
  const long = await acquireLong(gate)
  const lengthened: number[] = []
  for (let index = 0; index < 100; index += 1) {
    const permit = await gate.acquire(request)
    expect(permit.tryLengthen()).toBe(false)
    void permit.lengthen().then(() => {
      lengthened.push(index)
      permit.release()
    })
  }
  expect(gate.held).toBe(1)
  expect(await isGranted(gate.acquire(request).then(permit => permit.release()))).toBe(true)
  expect(lengthened).toEqual([])
  long.release()
  await expect.poll(() => lengthened).toEqual(Array.from({ length: 100 }, (_, index) => index))
  expect(gate.held).toBe(0)
})

it('lets in long work in its turn, however much short work comes', async () => {
  const gate = semaphore(2)
  const [a, b] = await acquireAll(gate, 2)
  const [other] = [await gate.acquire(reserved)]
  other.release()
  const long = a?.lengthen()
  const short = gate.acquire(request)
  expect(await isGranted(long ?? Promise.reject())).toBe(true)
  expect(await isGranted(short)).toBe(false)
  b?.release()
  await short
  expect(gate.held).toBe(2)
})

it('lets nobody past those who wait for a place for long work', async () => {
  const gate = semaphore(2)
  const first = await acquireLong(gate)
  await acquireLong(gate)
  const earlier = await gate.acquire(request)
  const lengthened = earlier.lengthen()
  const later = await gate.acquire(request)
  first.release()
  expect(later.tryLengthen()).toBe(false)
  expect(await isGranted(lengthened)).toBe(false)
  later.release()
  await lengthened
  expect(gate.held).toBe(2)
})

it('lets in others with short work when what was taken for short goes on, as many as its size', async () => {
  const gate = semaphore(1, 10)
  await acquireLong(gate)
  const [first] = await acquireAll(gate, 1)
  const second = await gate.acquire(request)
  expect(gate.held).toBe(3)
  const third = gate.acquire(request)
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(await isGranted(third)).toBe(false)
  expect(first?.tryLengthen()).toBe(false)
  second.release()
  const last = await third
  first?.release()
  last.release()
  expect(gate.held).toBe(1)
})

it('lets in long work although one short work after the other goes on for longer than it may', async () => {
  const gate = semaphore(1, 10)
  const video = await gate.acquire(request)
  const document = gate.acquire(request)
  const lengthened = video.lengthen()
  await document
  await expect.poll(() => isGranted(lengthened)).toBe(true)
})

it('looks again at what goes on, when of others that do fewer are left', async () => {
  const gate = semaphore(1, 10)
  await acquireLong(gate)
  const first = await gate.acquire(request)
  const second = await gate.acquire(request)
  await new Promise(resolve => setTimeout(resolve, 50))
  const third = gate.acquire(request)
  expect(await isGranted(third)).toBe(false)
  first.release()
  await third
  second.release()
})

it('keeps no place for who gave up while waiting for one for long work', async () => {
  const gate = semaphore(1)
  const long = await acquireLong(gate)
  const permit = await gate.acquire(request)
  const lengthened = permit.lengthen()
  permit.release()
  long.release()
  await lengthened
  expect(gate.held).toBe(0)
})

it('rejects who waits for a place for long work and gives up, and has nothing of it left', async () => {
  const gate = semaphore(1)
  await acquireLong(gate)
  const gaveUp = new AbortController()
  const permit = await gate.acquire({ signal: gaveUp.signal, errorOf })
  const lengthened = permit.lengthen()
  gaveUp.abort()
  await expect(lengthened).rejects.toThrow('aborted')
  permit.release()
  expect(gate.held).toBe(1)
})

it('has a place beyond its size for one reserved caller, who waits for nobody', async () => {
  const gate = semaphore(1)
  await gate.acquire(request)
  const first = await gate.acquire(reserved)
  expect(gate.held).toBe(2)
  const second = gate.acquire(reserved)
  expect(await isGranted(second)).toBe(false)
  first.release()
  await second
  expect(gate.held).toBe(2)
})

it('has a reserved place each for short and for long work', async () => {
  const gate = semaphore(1)
  await acquireLong(gate)
  await gate.acquire(request)
  await acquireLong(gate, reserved)
  await gate.acquire(reserved)
  expect(gate.held).toBe(4)
  expect((await isGranted(gate.acquire(reserved))) || (await isGranted(gate.acquire(request)))).toBe(false)
})

it('lets the others in only when no more work than its size, a reserved caller included', async () => {
  const gate = semaphore(2)
  await gate.acquire(request)
  const first = await gate.acquire(reserved)
  const shared = gate.acquire(request)
  expect(await isGranted(shared)).toBe(false)
  first.release()
  await shared
  expect(gate.held).toBe(2)
})

it('always has a place for the others, so that no stream of reserved callers holds them up', async () => {
  const gate = semaphore(1)
  await gate.acquire(reserved)
  await gate.acquire(request)
  expect(gate.held).toBe(2)
})
