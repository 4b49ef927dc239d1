export const PROJECT_FILE = 'dozlab.yaml';
export const COHORT_FILE = 'cohort.yaml';

export const secretFile = (cohort: string, session: string): string => `secrets/${cohort}/${session}.yaml`;
