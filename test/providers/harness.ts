import type { CloudControls } from '../../playground/clouds/cloud.js';
import type { KeyPair, Provider } from '../../src/providers/contract.js';

/** What the contract suite needs of each provider: the adapter under test and its world, apart from each other. */
export type Harness = {
  provider: Provider;
  /** The same adapter with credentials that the cloud refuses. */
  strangerProvider(): Promise<Provider>;
  cloud: CloudControls;
  region: string;
  /** Bound to every instance of `linux`, `windows`, and nothing else. */
  keyPair: KeyPair;
  /** Exists, bound to nothing. */
  otherKeyPair: KeyPair;
  /** Ids of instances, all bound to `keyPair`, in a state in which the cloud takes a detach; more than one page of the list. */
  linux: readonly string[];
  /** A Windows instance. */
  windows: string;
  /** An id of the right form that does not exist. */
  missing: string;
  /** Operation names of the simulator, for faults and counts. */
  operations: {
    detach: string;
    attach: string;
    read: string;
    list: string;
    keyPairs: string;
    stop: string;
    start: string;
    restart: string;
  };
  /** Secrets planted in the credentials: must show up nowhere. */
  canaries: readonly string[];
  /** Sets an instance's state in the world, together with whatever of the vendor's goes with it. */
  setState(instanceId: string, state: 'running' | 'stopped' | 'starting' | 'terminated'): void;
  /** What asynchronous effects need to be over: moves the cloud's clock. */
  settle(): void;
  close(): Promise<void>;
};

export type HarnessFactory = () => Promise<Harness>;
