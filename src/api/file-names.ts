/** Names of files whose places are fixed. */
export const PROJECT_FILE = 'dozlab.yaml';
export const COHORT_FILE = 'cohort.yaml';
