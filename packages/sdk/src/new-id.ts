/** Generates a random id of 128 bits. `crypto.randomUUID` only exists on https and localhost. */
export const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('')
