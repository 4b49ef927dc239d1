import { Testing } from 'cdk8s';
import { LabSession } from '../../../src';

test('a session keeps its manifests', () => {
  const chart = Testing.chart();
  new LabSession(chart, 'alice', {
    session: { id: 'alice-001', userId: 'alice@example.com' },
    rootfs: { imageUrl: 'https://example.com/dozlab-k8s.ext4' },
  });
  expect(Testing.synth(chart)).toMatchSnapshot();
});
