import { Counter, Histogram, Registry } from 'prom-client';

/** What is counted, and under which names; docs and dashboards rely on the names. */
export type Metrics = {
  countCall(call: { account: string; operation: string; ms: number; ok: boolean }): void;
  countFailedJob(name: string): void;
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
  return {
    countCall: ({ account, operation, ms, ok }) => calls.observe({ account, operation, ok: String(ok) }, ms / 1000),
    countFailedJob: (job) => failedJobs.inc({ job }),
    print: () => registry.metrics(),
  };
}
