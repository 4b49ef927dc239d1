export interface Check {
  readonly name: 'ssh' | 'docker' | 'address' | 'tools';
  /** What requirement it is. */
  readonly what: string;
  readonly isFound: boolean;
  readonly detail: string;
  readonly fix?: string;
}

export const found = (name: Check['name'], what: string, detail: string): Check => ({
  name,
  what,
  isFound: true,
  detail,
});

export const failed = (name: Check['name'], what: string, detail: string, fix: string): Check => ({
  name,
  what,
  isFound: false,
  detail,
  fix,
});
