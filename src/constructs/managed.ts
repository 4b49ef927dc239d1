/** Labels of everything that stands around sessions. */
export const MANAGED_LABELS = { 'app.kubernetes.io/part-of': 'dozlab', 'app.kubernetes.io/managed-by': 'dozlab' };
