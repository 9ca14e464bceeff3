import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 mark the heap in one go, when it must. Pixels lie outside of that heap and make it mark in small steps all the time;
 * in one go takes a quarter of the CPU, and nobody waits for an answer meanwhile. Call it when the code that every process
 * needs is loaded: with the flag on its command line V8 rejects the compiled code of Node's own modules.
 */
export const markInOneGo = (): void => setFlagsFromString('--no-incremental-marking')
