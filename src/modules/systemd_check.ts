import { type Static, Type } from 'typebox';
import { typed } from '../core/by-hand.ts';
import { Failure } from '../core/failure.ts';
import type { Probe } from '../core/host.ts';
import { observe } from '../core/module.ts';
import { readCommand } from '../core/read-command.ts';

const seconds = (fallback: number, description: string) => Type.Number({ minimum: 0, default: fallback, description });

const params = Type.Object(
  {
    unit: Type.String({
      pattern: '^[A-Za-z0-9@:._\\\\-]+$',
      description: 'The unit; `.service` where it has no other ending.',
    }),
    state: Type.Enum(['active', 'inactive'], {
      default: 'active',
      description: '`inactive` is a unit that does not run: stopped, failed or not there at all.',
    }),
    enabled: Type.Optional(Type.Boolean({ description: 'Whether it must be started with the host.' })),
    stable_for: seconds(0, 'Seconds for which it must stay so, with the same main process and no restart.'),
    timeout: seconds(300, 'Seconds to wait until it is so; 0 looks once. `stable_for` comes on top.'),
    tolerate_for: seconds(90, 'Seconds for which a failed unit is still waited for: BCM starts it again.'),
    other_than_pid: Type.Optional(
      Type.Integer({ minimum: 0, description: 'The main process must be another one: waits for a restart.' }),
    ),
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  unit: Type.String(),
  exists: Type.Boolean(),
  state: Type.String({ description: "systemd's ActiveState: active, inactive, failed, activating …" }),
  sub_state: Type.String({ description: "systemd's SubState: running, dead, auto-restart …" }),
  enabled: Type.Boolean(),
  main_pid: Type.Integer({ description: '0 where none runs.' }),
  restarts: Type.Integer({ description: 'How often systemd has restarted it by itself.' }),
  waited: Type.Number({ description: 'Seconds it took.' }),
});

type Params = Static<typeof params>;
type Unit = Omit<Static<typeof returns>, 'waited'>;

const POLL_MS = 1_000;
const PROPERTIES = 'LoadState,ActiveState,SubState,MainPID,NRestarts,UnitFileState,Result';

export const systemdCheck = observe({
  name: 'systemd_check',
  summary: 'Waits until a systemd unit is in a state and stays there.',
  description: [
    'Looks once a second. While BCM brings up a new member it starts etcd before its certificates are there, so `etcd died` in',
    'the first minute or so means nothing (section 6.3 of the article): a failed unit is waited for during `tolerate_for`. After',
    'that it ends the wait at once.',
    '',
    '`stable_for` begins anew when the main process changes, systemd restarts the unit or the unit leaves the state. That a',
    'service is active does not make its member healthy: ask `etcd_health`.',
  ].join('\n'),
  params,
  returns,
  failureKeeps: true,
  examples: [
    {
      title: 'etcd is stopped (6.1)',
      yaml: ['- systemd_check:', '    unit: etcd', '    state: inactive', '    timeout: 0'].join('\n'),
    },
    {
      title: 'etcd runs and stays so',
      yaml: ['- systemd_check:', '    unit: etcd', '    stable_for: 6', '  delegate_to: node003'].join('\n'),
    },
  ],
  foresees: false,
  byHand({ unit, state, stable_for, other_than_pid }, { host, unknown }) {
    const command = typed(['systemctl', 'status', unit]);
    if (state === 'inactive') {
      const stopped = `! ${typed(['systemctl', 'is-active', '--quiet', unit])}`;
      return [{ host, command: `${command}; ${stopped}`, until: 'it is stopped' }];
    }
    const restarted = other_than_pid !== undefined || unknown.includes('other_than_pid');
    const pid = restarted ? ', with another Main PID than before' : '';
    const steady = stable_for > 0 ? `, and stays so for ${stable_for} s` : '';
    return [{ host, command, until: `it is active (running)${pid}${steady}; BCM may need minutes` }];
  },
  async observe(probe, given) {
    const startedMs = probe.clock.now();
    let since = startedMs;
    let before: Unit | undefined;
    for (;;) {
      const unit = await look(probe, given.unit);
      const nowMs = probe.clock.now();
      if (before === undefined || !sameRun(before, unit)) since = nowMs;
      before = unit;
      const waitedMs = nowMs - startedMs;
      const missing = whatIsMissing(unit, given);
      const stableMs = missing === undefined ? nowMs - since : 0;
      if (missing === undefined && stableMs >= given.stable_for * 1000) return { ...unit, waited: waitedMs / 1000 };
      const lost = comesBack(unit, given) && waitedMs >= given.tolerate_for * 1000;
      // A state that was reached in time may still prove itself.
      const limitMs = (given.timeout + (missing === undefined ? given.stable_for : 0)) * 1000;
      if (lost || waitedMs >= limitMs) throw failure(probe.name, unit, given, missing, waitedMs, lost);
      probe.progress(
        missing === undefined
          ? progress(`${given.unit} is ${unit.state}, steady`, stableMs, given.stable_for)
          : {
              text: comesBack(unit, given)
                ? `${given.unit} has failed; BCM starts it again`
                : `${given.unit}: ${missing}`,
            },
      );
      await probe.clock.sleep(POLL_MS, probe.signal);
    }
  },
});

async function look(probe: Probe, unit: string): Promise<Unit> {
  const out = await probe.read(readCommand(['systemctl', 'show', `--property=${PROPERTIES}`, '--', unit]));
  if (out.code !== 0) {
    throw new Failure('command-failed', `systemctl on ${probe.name}: ${out.stderr.trim() || `status ${out.code}`}`);
  }
  const shown = new Map(out.stdout.split('\n').map(line => [line.split('=', 1)[0] ?? '', line.replace(/^[^=]*=/, '')]));
  const number = (property: string): number => Number(shown.get(property) ?? '') || 0;
  return {
    unit,
    exists: shown.get('LoadState') !== 'not-found',
    state: shown.get('ActiveState') ?? 'unknown',
    sub_state: shown.get('SubState') ?? '',
    enabled: /^(enabled|enabled-runtime|static|alias|indirect|generated)$/.test(shown.get('UnitFileState') ?? ''),
    main_pid: number('MainPID'),
    restarts: number('NRestarts'),
  };
}

/** What BCM brings up may fail until its certificates are there. */
function comesBack(unit: Unit, given: Params): boolean {
  return given.state === 'active' && unit.state === 'failed';
}

function sameRun(a: Unit, b: Unit): boolean {
  return a.state === b.state && a.main_pid === b.main_pid && a.restarts === b.restarts;
}

/** Undefined: it is as wanted, now. */
function whatIsMissing(unit: Unit, given: Params): string | undefined {
  const stopped = unit.state === 'inactive' || unit.state === 'failed';
  const shown = `it is ${unit.state}${unit.sub_state === '' ? '' : ` (${unit.sub_state})`}`;
  if (given.state === 'inactive' ? !stopped : unit.state !== 'active')
    return unit.exists ? shown : 'there is no such unit';
  if (given.other_than_pid !== undefined && given.other_than_pid === unit.main_pid) {
    return `it has not been restarted yet (process ${unit.main_pid})`;
  }
  if (given.enabled !== undefined && given.enabled !== unit.enabled) {
    return unit.enabled ? 'it is enabled' : 'it is not enabled';
  }
  return undefined;
}

function failure(
  host: string,
  unit: Unit,
  given: Params,
  missing: string | undefined,
  waitedMs: number,
  lost: boolean,
): Failure {
  const waited = Math.round(waitedMs / 1000);
  const why = missing ?? `it does not stay ${given.state} for ${given.stable_for} s`;
  const wanted = given.enabled === undefined ? given.state : `${given.state} and ${given.enabled ? '' : 'not '}enabled`;
  const text = `${given.unit} on ${host} is not ${wanted}${waited > 0 ? ` after ${waited} s` : ''}: ${why}`;
  return new Failure(given.timeout === 0 || lost ? 'task-failed' : 'timed-out', text, {
    hint: `on ${host}: systemctl status ${given.unit}; journalctl -u ${given.unit} -n 50`,
    result: { ...unit, waited: waitedMs / 1000 },
  });
}

function progress(text: string, doneMs: number, ofSeconds: number): { text: string; fraction: number } {
  const shown = `${text} for ${Math.round(doneMs / 1000)} of ${ofSeconds} s`;
  return { text: shown, fraction: Math.min(doneMs / (ofSeconds * 1000), 1) };
}
