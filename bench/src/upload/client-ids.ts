/** What uploads: two of Darkroom, and two programs for any S3 store, each as it is installed and with as many transfers at once as Darkroom's. */
export const CLIENT_IDS = ['sdk', 'cli', 'aws', 'aws-tuned', 'rclone', 'rclone-tuned'] as const

export type ClientId = (typeof CLIENT_IDS)[number]

/** Those that are measured against the others. */
export const OURS: readonly ClientId[] = ['sdk', 'cli']
