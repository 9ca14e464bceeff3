/** Defences that the fault harness can switch off, to prove that it notices their absence. */
export type Defence = 'fence' | 'reconciler' | 'dedupe'

const sabotaged = process.env.DARKROOM_SABOTAGE

/** Whether `DARKROOM_SABOTAGE` names this defence; never in a real process. */
export const isSabotaged = (defence: Defence): boolean => sabotaged === defence
