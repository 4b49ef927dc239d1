import type { OutputFile } from '@dozlab/charts';
import { page } from './page';
import { picture } from './picture';
import type { Results } from './results';

export const jsonText = (results: Results): string => `${JSON.stringify(results, null, 2)}\n`;

export const docsFiles = (results: Results): OutputFile[] => [
  { path: 'docs/bench.json', content: jsonText(results) },
  { path: 'docs/bench.svg', content: picture(results) },
  { path: 'docs/bench.md', content: page(results) },
];
