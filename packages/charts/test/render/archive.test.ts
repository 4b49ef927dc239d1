import { gunzipSync } from 'node:zlib';
import { packageChart } from '../../src';
import { tinyChart } from '../support/tiny-chart';

const files = tinyChart.files({ version: '1.0.0', description: 'A web server' });

it('a chart is the files that Helm reads', () => {
  expect(files.map(({ path }) => path)).toEqual([
    'Chart.yaml',
    'values.yaml',
    'values.schema.json',
    'templates/_helpers.tpl',
    'templates/deployment.yaml',
    'templates/ingress.yaml',
  ]);
  expect(files[0]?.content).toBe(
    'apiVersion: v2\nname: web\ntype: application\nversion: 1.0.0\ndescription: A web server\n',
  );
});

it('an archive has the files below the name of the chart, and the same bytes for the same files', async () => {
  const archive = await packageChart('web', files);
  const tar = gunzipSync(archive).toString('latin1');
  for (const { path } of files) expect(tar).toContain(`web/${path}\0`);
  expect((await packageChart('web', [...files].reverse())).equals(archive)).toBe(true);
});
