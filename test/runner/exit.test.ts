import { describe, expect, test } from 'vitest';
import type { RunEvent, StampedEvent, View } from '../../src/core/event.ts';
import { Failure } from '../../src/core/failure.ts';
import { openExit } from '../../src/runner/exit.ts';
import { exitCode } from '../../src/runner/exit-code.ts';
import { Mask } from '../../src/runner/mask.ts';
import { run } from '../../src/runner/run.ts';
import { acts, args, brings, fakeClock, plan, play, ref, says, task, world } from '../support/world.ts';

const warning = (message: string): RunEvent => ({ type: 'warning', message });
const changing: RunEvent = {
  type: 'changing',
  where: { task: 'p0.t0', name: 't', module: 'm', host: 'a', on: 'a', within: [] },
  changes: [],
};
function collector(fail?: (event: StampedEvent) => void): View & { events: StampedEvent[] } {
  const events: StampedEvent[] = [];
  return {
    events,
    event: event => {
      fail?.(event);
      events.push(event);
    },
  };
}

describe('the exit', () => {
  test('numbers and times events, the journal first', () => {
    const order: string[] = [];
    const exit = openExit(fakeClock(7), { event: event => order.push(`journal ${event.sequence} ${event.atMs}`) }, [
      { event: event => order.push(`view ${event.sequence}`) },
    ]);
    exit.emit(warning('a'));
    exit.emit(warning('b'));
    expect(order).toEqual(['journal 1 7', 'view 1', 'journal 2 7', 'view 2']);
  });

  test('texts of changes are for the eye, masked, and not for the journal', () => {
    const [journal, view] = [collector(), collector()];
    const exit = openExit(fakeClock(), journal, [view]);
    exit.hide('one\ntwo');
    const texts = { before: 'password: one\ntwo', after: '' };
    exit.emit({ ...changing, changes: [{ what: '/a', texts }] });
    expect(journal.events).toMatchObject([{ changes: [{ what: '/a' }] }]);
    expect(JSON.stringify(journal.events)).not.toContain('texts');
    expect(JSON.stringify(view.events)).toContain('password: ');
    expect(JSON.stringify(view.events)).not.toContain('two');
  });

  test('a view that throws is left out from then on, with a warning; the others go on', () => {
    const bad = collector(() => {
      throw new Error('no room on the screen');
    });
    const good = collector();
    const exit = openExit(fakeClock(), undefined, [bad, good]);
    exit.emit(warning('a'));
    exit.emit(warning('b'));
    expect(good.events.map(event => (event.type === 'warning' ? event.message : ''))).toEqual([
      'a',
      'a view of the run failed and is left out: no room on the screen',
      'b',
    ]);
  });

  test('a journal that fails stops each change from then on, and nothing else', () => {
    const view = collector();
    let full = false;
    const journal = collector(() => {
      if (full) throw new Error('ENOSPC: no space left on device');
    });
    const exit = openExit(fakeClock(), journal, [view]);
    exit.emit(warning('a'));
    full = true;
    expect(() => exit.emit(warning('b'))).toThrow(Failure);
    exit.emit(warning('c'));
    expect(() => exit.emit(changing)).toThrow('the journal could not be written: ENOSPC');
    expect(view.events.map(event => event.type)).toEqual(['warning', 'warning', 'warning']);
    expect(journal.events).toHaveLength(1);
  });
});

test('a full disk: the run stops before the next change', async () => {
  const states = [{ value: 'a' }, { value: 'a' }, { value: 'a' }];
  let room = 5;
  const exit = openExit(
    fakeClock(),
    {
      event: () => {
        room -= 1;
        if (room < 0) throw new Error('ENOSPC');
      },
    },
    [],
  );
  const outside = world({ emit: event => exit.emit(event) });
  const { outcome } = await run(plan(play(states.map(state => task(brings(state, 'b'))))), outside.deps);
  // run-started, play-started, task-started, changing, settling: the result of the first change finds no room.
  expect(states.map(state => state.value)).toEqual(['b', 'a', 'a']);
  expect(outcome).toBe('failed');
});

test('no room for the intent itself: the change is not made', async () => {
  const state = { value: 'a' };
  let room = 3;
  const journal = {
    event: () => {
      room -= 1;
      if (room < 0) throw new Error('ENOSPC');
    },
  };
  const exit = openExit(fakeClock(), journal, []);
  const outside = world({ emit: event => exit.emit(event) });
  await run(plan(play([task(brings(state, 'b'))])), outside.deps);
  expect(state.value).toBe('a');
});

test('written ahead: the intent is out before the change is made', async () => {
  const seen: string[] = [];
  const journal = collector();
  const exit = openExit(fakeClock(), journal, []);
  const outside = world({ emit: event => exit.emit(event) });
  const changes = () => journal.events.filter(event => event.type === 'changing').length;
  const acting = acts(async () => {
    seen.push(`act after ${changes()}`);
    return {};
  });
  const bringing = brings({ value: 'a' }, 'b', {
    settleMs: () => 0,
    apply: async () => {
      seen.push(`apply after ${changes()}`);
      return undefined;
    },
  });
  await run(plan(play([task(acting), task(bringing)])), outside.deps);
  expect(seen).toEqual(['act after 1', 'apply after 2']);
});

describe('secrets', () => {
  const masked = (secret: Parameters<Mask['add']>[0], value: unknown) => {
    const mask = new Mask();
    mask.add(secret);
    return mask.apply(value);
  };

  test('are masked as parts of texts, and in the forms in which they turn up', () => {
    const secret = 'p"ss w\\rd+1';
    const text = [
      secret,
      JSON.stringify({ a: secret }),
      Buffer.from(secret).toString('base64'),
      encodeURIComponent(secret),
    ].join(' | ');
    expect(masked(secret, { message: `x ${text} y` })).toEqual({
      message: 'x •••••• | {"a":"••••••"} | ••••••= | •••••• y',
    });
  });

  test.each([
    ['in base64 behind one more byte', Buffer.from('xhunter2hunter2').toString('base64'), 'eG••••••'],
    ['in base64 behind two', Buffer.from('xyhunter2hunter2!').toString('base64'), 'eHl••••••iE='],
    ['with its blanks as in a form', 'a=hunter2hunter2&b', 'a=••••••&b'],
  ])('%s', (_, text, seen) => expect(masked('hunter2hunter2', { message: text })).toEqual({ message: seen }));

  test('as a shell writes a quote', () => {
    expect(masked("it's secret", { message: String.raw`echo 'it'\''s secret'` })).toEqual({ message: "echo '••••••'" });
  });

  test.each([
    ['a secret', 'hunter2hunter2', 'HUNTER2HUNTER2', true],
    ['a short piece of it', 'hunter2hunter2', 'hunt', false],
    [
      'a text that holds it, of which nothing can be read',
      'user:hunter2hunter2',
      'f2ca1bb6c7e907d06dafe4687e579fce',
      true,
    ],
    ['a text that holds it, without it', 'https://user:hunter2hunter2@etcd', 'https://etcd', false],
    ['another text', 'somebody', 'c29tZWJvZHk', false],
    ['an item of a list', ['somebody', 'hunter2hunter2'], ['SOMEBODY', 'HUNTER2HUNTER2'], false],
  ])('what is made of %s', (_, from, to, hidden) => {
    const mask = new Mask();
    mask.add('hunter2hunter2');
    mask.derive(from, to);
    const [text = ''] = [to].flat();
    expect(mask.apply({ message: text })).toEqual({ message: hidden ? '••••••' : text });
  });

  test('a short one only where it is the whole value; numbers and lists too', () => {
    expect(masked('no', { result: { a: 'no', b: 'node001' } })).toEqual({ result: { a: '••••••', b: 'node001' } });
    expect(masked(['hunter2', { deep: 12345 }], { result: { a: 12345, b: ['x hunter2'] } })).toEqual({
      result: { a: '••••••', b: ['x ••••••'] },
    });
  });

  test('words that views switch over stay; names of fields of a result do not', () => {
    const event = { type: 'ended', status: 'changed', result: { changed: true, k: 'changed', status: 'changed' } };
    expect(masked('changed', event)).toEqual({
      type: 'ended',
      status: 'changed',
      result: { '••••••': true, k: '••••••', status: '••••••' },
    });
  });

  test('lines of a key of several lines', () => {
    expect(masked('-----BEGIN-----\nMIIEvQIBADAN\n', { message: 'bad line MIIEvQIBADAN' })).toEqual({
      message: 'bad line ••••••',
    });
  });

  test('secret params and secret results of modules leave no trace in a run’s events', async () => {
    const journal = collector();
    const exit = openExit(fakeClock(), journal, []);
    const outside = world({ emit: event => exit.emit(event) });
    const { Type } = await import('typebox');
    const token = acts(async () => ({ token: 'tok-4711' }), {
      returns: Type.Object({ token: Type.String({ secret: true }) }),
    });
    await run(
      plan(
        play(
          [
            task(says, { args: args({ msg: ref('password') }) }),
            task(token, { register: 't' }),
            task(says, { args: args({ msg: ref('t.token') }) }),
          ],
          { params: { password: 'hunter2' }, secretParams: ['password'] },
        ),
      ),
      { ...outside.deps, hide: exit.hide },
    );
    const text = JSON.stringify(journal.events);
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('tok-4711');
    expect(text).toContain('••••••');
  });
});

test('exit codes', () => {
  expect(
    ['done', 'defect', 'failed', 'unreachable', 'refused', 'interrupted'].map(result => exitCode(result as 'done')),
  ).toEqual([0, 1, 4, 5, 6, 130]);
});
