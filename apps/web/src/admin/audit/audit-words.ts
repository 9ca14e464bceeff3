/** Returns an operation in words: `pauseQueue` is `Pause queue`. */
export function actionWords(action: string): string {
  const words = action.replaceAll(/([A-Z])/g, ' $1').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
