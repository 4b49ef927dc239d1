/** How a registry wants to be asked: the scheme of `www-authenticate`, and its parameters (RFC 9110, 11.6.1). */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads the first challenge of a header. */
export function challengeOf(header: string): Challenge {
  const [, scheme = '', rest = ''] = /^\s*([A-Za-z]+)\s*(.*)$/s.exec(header) ?? [];
  const pairs = Array.from(rest.matchAll(/([A-Za-z_]+)="([^"]*)"/g), ([, name = '', value = '']) => [
    name.toLowerCase(),
    value,
  ]);
  return { scheme: scheme.toLowerCase(), parameters: Object.fromEntries(pairs) as Record<string, string> };
}
