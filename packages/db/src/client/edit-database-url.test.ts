import { expect, it } from 'vitest'
import { editDatabaseUrl } from './edit-database-url.ts'

const toCopy = (address: string) =>
  editDatabaseUrl(address, url => {
    url.password = ''
    url.pathname = '/copy'
  })

it.each([
  ['postgres://me:p%40ss@one:5432/darkroom?sslmode=require', 'postgres://me@one:5432/copy?sslmode=require'],
  ['postgres://me:p%40ss@one:5432,two/darkroom?a=b,c', 'postgres://me@one:5432,two/copy?a=b,c'],
  ['postgresql://one,two,three', 'postgresql://one,two,three/copy'],
  ['postgres://me:a,b@one/darkroom', 'postgres://me@one/copy'],
])('changes the database of %s', (address, edited) => {
  expect(toCopy(address)).toBe(edited)
})

it('refuses what is no address', () => {
  expect(() => toCopy('darkroom')).toThrow(TypeError)
})
