export const PROJECT_FILE = 'dozlab.yaml';
export const COHORT_FILE = 'cohort.yaml';

/** The file of a session's password, of providers that keep passwords in the project. */
export const secretFile = (cohort: string, session: string): string => `secrets/${cohort}/${session}.yaml`;
