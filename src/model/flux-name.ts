/** Names of what belongs to a cohort: its Kustomization and the identity that Flux has for it. */
export const fluxNameOf = ({ name }: { readonly name: string }): string => `lab-${name}`;
