/** NTSC's rates are whole ones divided by this. */
const NTSC = 1.001
const ROUNDED_BY = 0.0006

/**
 * Returns a frame rate of three digits after the point as frames and the seconds that they take: 29.97 is 30000 in 1001. Over hours the
 * rounded one would be a frame out.
 */
export function exactRate(frameRate: number): { frames: number; sec: number } {
  const whole = Math.round(frameRate)
  return Math.abs(whole / NTSC - frameRate) < ROUNDED_BY && whole > 0
    ? { frames: whole * 1000, sec: 1001 }
    : { frames: Math.round(frameRate * 1000), sec: 1000 }
}

/** Returns by how many the frames of `frameRate` were divided to become those of `reduced`; 1 where neither is known. */
export const rateDivisor = (frameRate: number, reduced: number): number =>
  reduced > 0 ? Math.max(1, Math.round(frameRate / reduced)) : 1
