/** Ids of the rows that others refer to. */
export const ROW_IDS = {
  ipx: 'ipx',
  /** The store in the same process, as `npm start` has it. */
  darkroom: 'darkroom',
  /** The store in a process of its own, over S3, as an installation on B2 has it. Darkroom's speed is quoted from it. */
  darkroomOverS3: 'darkroom-s3',
}
