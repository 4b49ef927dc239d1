import { chartFiles } from '../../src/manifests/chart/files';
import { writeFiles } from '../parity/helm';
import { temporaryFolder } from '../support/project';

/** The chart of lab sessions in a folder of its own, with some of its files changed. */
export const chartFolder = (change: (content: string, path: string) => string = (content) => content): string =>
  writeFiles(
    temporaryFolder(),
    chartFiles().map(({ path, content }) => ({ path, content: change(content, path) })),
  );

/** The next version of the chart, in which nothing of the objects is different. */
export const nextChart = (): string =>
  chartFolder((content, path) => {
    if (path === 'Chart.yaml') return content.replaceAll(/^((?:appV|v)ersion): .*$/gm, '$1: 0.99.0');
    if (path === 'README.md') return `${content}\nMore to read.\n`;
    if (path === 'templates/NOTES.txt') return `${content}\nMore to know.\n`;
    return content;
  });
