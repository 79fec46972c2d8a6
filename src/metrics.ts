import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What is counted, and under which names; docs and dashboards rely on the names. */
export type Metrics = {
  countCall(call: { account: string; operation: string; ms: number; ok: boolean }): void;
  countFailedJob(name: string): void;
  /** How fast an account's API is called at most, since the cloud said last that it was too much. */
  showPace(pace: { account: string; api: string; region: string; callsPerSecond: number }): void;
  countPutOff(call: { account: string; api: string }): void;
  print(): Promise<string>;
};

export function createMetrics(): Metrics {
  const registry = new Registry();
  const calls = new Histogram({
    name: 'detach_key_cloud_call_seconds',
    help: 'Calls to the clouds: how long they took, and whether they were answered',
    labelNames: ['account', 'operation', 'ok'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  const failedJobs = new Counter({
    name: 'detach_key_failed_jobs_total',
    help: 'Jobs that ended with an error; the sweep puts their work back',
    labelNames: ['job'],
    registers: [registry],
  });
  const pace = new Gauge({
    name: 'detach_key_cloud_pace_calls_per_second',
    help: 'How fast an API of a cloud may be called by this process; shown once the cloud has made it change',
    labelNames: ['account', 'api', 'region'],
    registers: [registry],
  });
  const putOff = new Counter({
    name: 'detach_key_cloud_calls_put_off_total',
    help: 'Calls that had to wait for their turn, so that the cloud would not refuse them',
    labelNames: ['account', 'api'],
    registers: [registry],
  });
  return {
    countCall: ({ account, operation, ms, ok }) => calls.observe({ account, operation, ok: String(ok) }, ms / 1000),
    countFailedJob: (job) => failedJobs.inc({ job }),
    showPace: ({ account, api, region, callsPerSecond }) => pace.set({ account, api, region }, callsPerSecond),
    countPutOff: ({ account, api }) => putOff.inc({ account, api }),
    print: () => registry.metrics(),
  };
}
