import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../src/metrics.js';

const call = { account: 'prod-hz', operation: 'detach', ms: 300, ok: true };

describe('metrics', () => {
  it('show the pace of an API, and count the calls that waited for it', async () => {
    const metrics = createMetrics();
    metrics.showPace({ account: 'prod-hz', api: 'detach', region: 'cn-hangzhou', callsPerSecond: 1 });
    metrics.showPace({ account: 'prod-hz', api: 'detach', region: 'cn-hangzhou', callsPerSecond: 0.5 });
    metrics.countPutOff({ account: 'prod-hz', api: 'detach' });
    metrics.countPutOff({ account: 'prod-hz', api: 'detach' });
    const lines = (await metrics.print()).split('\n');
    const labels = 'account="prod-hz",api="detach"';
    expect(lines).toContain(`detach_key_cloud_pace_calls_per_second{${labels},region="cn-hangzhou"} 0.5`);
    expect(lines).toContain(`detach_key_cloud_calls_put_off_total{${labels}} 2`);
  });

  it('count calls by account, operation and whether they were answered, in seconds', async () => {
    const metrics = createMetrics();
    metrics.countCall(call);
    metrics.countCall({ ...call, ms: 700 });
    metrics.countCall({ ...call, ok: false, ms: 60_000 });
    const lines = (await metrics.print()).split('\n');
    const name = 'detach_key_cloud_call_seconds';
    const labels = 'account="prod-hz",operation="detach"';
    expect(lines).toContain(`${name}_count{${labels},ok="true"} 2`);
    expect(lines).toContain(`${name}_sum{${labels},ok="true"} 1`);
    expect(lines).toContain(`${name}_bucket{le="0.25",${labels},ok="true"} 0`);
    expect(lines).toContain(`${name}_bucket{le="0.5",${labels},ok="true"} 1`);
    expect(lines).toContain(`${name}_bucket{le="30",${labels},ok="false"} 0`);
    expect(lines).toContain(`${name}_count{${labels},ok="false"} 1`);
  });

  it('count failed jobs by name', async () => {
    const metrics = createMetrics();
    metrics.countFailedJob('batch');
    metrics.countFailedJob('batch');
    metrics.countFailedJob('announce');
    const text = await metrics.print();
    expect(text).toContain('detach_key_failed_jobs_total{job="batch"} 2');
    expect(text).toContain('detach_key_failed_jobs_total{job="announce"} 1');
  });

  it('of two services in one process are two', async () => {
    const [one, two] = [createMetrics(), createMetrics()];
    one.countFailedJob('batch');
    expect(await two.print()).not.toContain('job="batch"');
  });
});
