/** The folders that a project's output goes to: manifests, and what Flux reads first. */
export const OUTPUT_FOLDER = 'dist';
export const FLUX_FOLDER = 'fluxcd';
