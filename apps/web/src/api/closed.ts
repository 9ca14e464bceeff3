/** A type as a client of any version sees it: where values are listed, there may be others. */
export type Open<T> = unknown extends T
  ? T
  : T extends string
    ? string
    : T extends number | boolean | null | undefined
      ? T
      : T extends readonly (infer Item)[]
        ? Open<Item>[]
        : { [Name in keyof T]: Open<T[Name]> }

/**
 * Returns an answer of the SDK in the types of the contract. The SDK leaves its values open, because a service may be newer than a
 * client; the page comes from the very service that it asks.
 */
export const closed = <T>(answer: Promise<Open<T>>): Promise<T> => answer as Promise<T>
