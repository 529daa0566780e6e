/** The time as CMDaemon has it: in milliseconds since the epoch. */
export interface Clock {
  now(): number;
  after(delayMs: number, action: () => void): void;
}
