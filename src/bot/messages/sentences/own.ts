import type { GuardCode } from '../../../providers/classify.js';

/** Codes that no cloud gave: of the guard, of what was read back, of an account, and of an adapter before it sends. */
export type OwnCode =
  | GuardCode
  | 'InstanceNotShown'
  | 'NoAnswer'
  | 'NotBuilt'
  | 'NotConfigured'
  | 'NotRestarted'
  | 'NotStarted'
  | 'NotVerified'
  | 'RestartTimedOut'
  | 'StopTimedOut'
  | 'KeyPairChanged'
  | 'ProjectIdMissing'
  | 'ReasonNotRead'
  | 'ServerNotShown'
  | 'ServerNotShutOff'
  | 'TaskRunning'
  | 'WindowsServer';

/** What the bot saw, where that is the same each time; else undefined, and what was noted then is shown as it is. */
export type OwnWords = Readonly<Record<OwnCode, string | undefined>>;
