import type { StampedEvent, View } from '../core/event.ts';

/** Every event as one line of JSON, as it is; the shape is that of `RunEvent`, with `sequence` and `atMs`. */
export function jsonView(write: (text: string) => void): View {
  return { event: (event: StampedEvent) => write(`${JSON.stringify(event)}\n`) };
}
