import { isWide } from './primaries.ts'

/** Colours by the numbers of ITU-T H.273, as HEIF, AVIF and PNG can name them instead of a profile. */
export interface Cicp {
  primaries: number
  transfer: number
}

export const [PQ, HLG] = [16, 18] as const

/** Returns whether pixels can be brighter than white paper: has to be mapped to what screens show. */
export const isHdr = ({ transfer }: Cicp): boolean => transfer === PQ || transfer === HLG

/** The exponents of curves that are not sRGB's. Those of video are taken for it, as browsers do. */
export const GAMMAS: Record<number, number> = { 4: 2.2, 5: 2.8, 8: 1 }

/** Returns whether the numbers of such pixels mean something else than in sRGB. */
export const needsMapping = (cicp: Cicp): boolean =>
  isHdr(cicp) || isWide(cicp.primaries) || Object.hasOwn(GAMMAS, cicp.transfer)
