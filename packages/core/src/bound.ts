/** A function without its first parameters, which somebody has given it already. */
export type Bound<Call, Given extends unknown[]> = Call extends (...all: [...Given, ...infer Rest]) => infer Result
  ? (...rest: Rest) => Result
  : never
