/** Path data of letters that are 6 high. Our own, so that an icon looks the same on every machine, with or without fonts. */
const LETTERS: Record<string, string> = {
  A: 'M0 6 L2.1 0 L4.2 6 M.8 4 L3.4 4',
  B: 'M0 3 L2.3 3 Q3.8 3 3.8 1.5 Q3.8 0 2.3 0 L0 0 L0 6 L2.4 6 Q4 6 4 4.5 Q4 3 2.4 3',
  C: 'M4 1.3 Q3.4 0 2.1 0 Q0 0 0 2.2 L0 3.8 Q0 6 2.1 6 Q3.4 6 4 4.7',
  D: 'M0 0 L1.8 0 Q4 0 4 2.2 L4 3.8 Q4 6 1.8 6 L0 6 Z',
  E: 'M3.5 0 L0 0 L0 6 L3.5 6 M0 3 L2.9 3',
  F: 'M3.5 0 L0 0 L0 6 M0 3 L2.9 3',
  G: 'M4 1.3 Q3.4 0 2.1 0 Q0 0 0 2.2 L0 3.8 Q0 6 2.1 6 Q4 6 4 3.9 L4 3.2 L2.4 3.2',
  H: 'M0 0 L0 6 M4 0 L4 6 M0 3 L4 3',
  I: 'M0 0 L0 6',
  J: 'M3 0 L3 4.3 Q3 6 1.5 6 Q0 6 0 4.5',
  K: 'M0 0 L0 6 M3.8 0 L0 3.6 M1.4 2.4 L4 6',
  L: 'M0 0 L0 6 L3.3 6',
  M: 'M0 6 L0 0 L2.5 3.8 L5 0 L5 6',
  N: 'M0 6 L0 0 L4 6 L4 0',
  O: 'M2.1 0 Q4.2 0 4.2 2.2 L4.2 3.8 Q4.2 6 2.1 6 Q0 6 0 3.8 L0 2.2 Q0 0 2.1 0',
  P: 'M0 6 L0 0 L2.2 0 Q4 0 4 1.8 Q4 3.6 2.2 3.6 L0 3.6',
  R: 'M0 6 L0 0 L2.2 0 Q4 0 4 1.8 Q4 3.6 2.2 3.6 L0 3.6 M2.2 3.6 L4 6',
  S: 'M3.7 1.2 Q3.2 0 2 0 Q.2 0 .2 1.5 Q.2 2.7 2 3 Q3.9 3.3 3.9 4.6 Q3.9 6 2 6 Q.6 6 0 4.8',
  T: 'M0 0 L4 0 M2 0 L2 6',
  U: 'M0 0 L0 3.8 Q0 6 2.1 6 Q4.2 6 4.2 3.8 L4.2 0',
  V: 'M0 0 L2.1 6 L4.2 0',
  W: 'M0 0 L1.4 6 L2.8 1 L4.2 6 L5.6 0',
  X: 'M0 0 L4 6 M4 0 L0 6',
  Z: 'M0 0 L4 0 L0 6 L4 6',
  3: 'M.2 .9 Q.8 0 2 0 Q3.7 0 3.7 1.5 Q3.7 2.9 2 2.9 Q3.9 2.9 3.9 4.5 Q3.9 6 2 6 Q.6 6 0 4.9',
  4: 'M3.1 6 L3.1 0 L0 4.3 L4.2 4.3',
}

export const LETTER_HEIGHT = 6
const GAP = 1.9

/** Returns the path data of each letter of a word and where it begins, from 0. */
export function word(text: string): { letters: { data: string; left: number }[]; width: number } {
  let left = 0
  const letters = [...text].map(character => {
    const data = LETTERS[character]
    if (data === undefined) throw new Error(`there is no letter ${character}; draw it in letters.ts`)
    const placed = { data, left }
    left += widthOf(data) + GAP
    return placed
  })
  return { letters, width: left - GAP }
}

/** Returns the width: the rightmost point, because no line bends beyond its points. */
const widthOf = (data: string): number =>
  Math.max(...(data.match(/[\d.]+/g) ?? []).filter((_, at) => at % 2 === 0).map(Number))
